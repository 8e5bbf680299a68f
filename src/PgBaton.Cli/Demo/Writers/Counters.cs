using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Increments: one that is lost and one that is applied twice both show in the number.</summary>
sealed class Counters(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("counters", endpoint, size, time)
{
    public override string Summary => "count up";

    public override string Effect => "SELECT sum(value)::bigint FROM accounting.counter";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        var counter = $"counter {1 + random.Next(ShopSize.Counters)}";
        await connection.ExecuteAsync("UPDATE accounting.counter SET value = value + 1 WHERE name = $1", ct, counter);
    }
}

using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Updates beside a value that is stored out of line, mostly without touching it: the server then does not send it.</summary>
sealed class Notes(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("notes", endpoint, size, time)
{
    public override string Summary => "update rows beside large values stored out of line";

    public override string Effect => "SELECT sum(\"timesRead\")::bigint FROM shop.\"OrderNote\"";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        var note = 1L + random.Next(Size.Notes / 10) * 10L; // Every tenth has a large text.
        await connection.ExecuteAsync("""UPDATE shop."OrderNote" SET "timesRead" = "timesRead" + 1 WHERE "Id" = $1""", ct, note + 9);
        if (n % 5 == 0)
        {
            await connection.ExecuteAsync(
                """
                UPDATE shop."OrderNote" SET "Text" = (SELECT string_agg(md5($2 || ' ' || i), '') FROM generate_series(1, $3) i) WHERE "Id" = $1
                """, ct, 1L + random.Next(Size.Notes), n, 1 + random.Next(200));
        }
    }
}

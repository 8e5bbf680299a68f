using Npgsql;
using PgBaton.Cli.Demo.Shop;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>Money from one account to another: whatever happens, the sum of all balances stays what it was.</summary>
sealed class Transfers(Endpoint endpoint, ShopSize size, TimeProvider time) : Writer("transfers", endpoint, size, time)
{
    public override string Summary => "move money between accounts; the sum never changes";

    public override string Effect => "SELECT sum(moves)::bigint / 2 FROM accounting.account";

    protected override async Task WriteAsync(NpgsqlConnection connection, long n, Random random, CancellationToken ct)
    {
        int payer = 1 + random.Next(ShopSize.Accounts), payee = 1 + ((payer + random.Next(ShopSize.Accounts - 1)) % ShopSize.Accounts);
        var amount = (1 + random.Next(1000)) / 100m;
        await connection.ExecuteAsync("INSERT INTO accounting.transfer (payer, payee, amount) VALUES ($1, $2, $3)", ct, payer, payee, amount);
        await connection.ExecuteAsync("UPDATE accounting.account SET balance = balance - $2, moves = moves + 1 WHERE id = $1", ct, payer, amount);
        await connection.ExecuteAsync("UPDATE accounting.account SET balance = balance + $2, moves = moves + 1 WHERE id = $1", ct, payee, amount);
    }
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What cannot be asked is tried: commands in a transaction that is rolled back.</summary>
static class Attempt
{
    /// <summary>What the server has against them; null for nothing.</summary>
    public static async Task<PostgresException?> RunAsync(NpgsqlConnection connection, string commands, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await connection.ExecuteAsync(commands, ct);
            return null;
        }
        catch (PostgresException failure)
        {
            return failure;
        }
    }
}

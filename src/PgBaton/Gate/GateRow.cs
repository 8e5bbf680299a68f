using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>The single row of pgbaton.gate on one server.</summary>
sealed record GateRow(string Migration, bool IsClosed, long? Epoch)
{
    /// <summary>Null if the server has no gate. A journal of somebody else's migration is not ours to read.</summary>
    public static async Task<GateRow?> FindAsync(NpgsqlConnection connection, CancellationToken ct)
        => await ExistsAsync(connection, ct)
            ? await connection.QueryFirstAsync(
                "SELECT migration, is_closed, epoch FROM pgbaton.gate",
                row => new GateRow(row.GetString(0), row.GetBoolean(1), row.GetNullable<long?>(2)), ct)
            : null;

    public static Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass('pgbaton.gate') IS NOT NULL", ct);

    /// <summary>Makes the row, or makes it what is given here.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, string migration, bool isClosed, string token, string message, string hint, CancellationToken ct)
        => connection.ExecuteAsync(
            """
            INSERT INTO pgbaton.gate AS g (migration, is_closed, token_sha256, message, hint) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (single) DO UPDATE
               SET is_closed = excluded.is_closed, token_sha256 = excluded.token_sha256, message = excluded.message, hint = excluded.hint
             WHERE g.migration = excluded.migration
            """,
            ct, migration, isClosed, GateToken.Hash(token), message, hint);
}

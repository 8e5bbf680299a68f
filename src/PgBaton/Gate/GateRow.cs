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

    /// <summary>What writers are told, and where to go, once the one side has handed over to the other.</summary>
    public static (string Message, string Hint) Moved(Direction direction, MigrationOptions options)
        => (new Catalog.Scope(options).IsEverything
                ? $"database \"{direction.Publisher.Database}\" has moved to another server"
                : $"tables of database \"{direction.Publisher.Database}\" have moved to another server, this one among them",
            $"Connect to {direction.Subscriber.Address}.");

    /// <summary>
    /// Lets everybody in on the side that becomes the writer, as part of the caller's transaction. Where it may be closed again, its writers hold
    /// the gate's lock from the first one on: a fence waits for all of them.
    /// </summary>
    public static async Task OpenAsync(NpgsqlConnection subscriber, bool mayCloseAgain, CancellationToken ct)
    {
        if (!await ExistsAsync(subscriber, ct))
            return;
        await subscriber.ExecuteAsync(mayCloseAgain ? GateSql.GateArmed : GateSql.GateOpen, ct);
        await subscriber.ExecuteAsync("UPDATE pgbaton.gate SET is_closed = false, epoch = NULL", ct);
    }

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

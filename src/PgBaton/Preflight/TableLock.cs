using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Even the size of a table cannot be asked for while it is locked in the mode ACCESS EXCLUSIVE.</summary>
static class TableLock
{
    // As startup options, here and wherever a check limits its session: what SET leaves behind in a pooler's session would cut off the application's statements.

    /// <summary>For the sessions that ask: whoever comes after us waits behind us.</summary>
    public const string Limit = "-c lock_timeout=5s";

    /// <summary>For probes that can do without: shorter than what would make the server cancel an autovacuum.</summary>
    public const string Short = "-c lock_timeout=300ms";

    /// <exception cref="MigrationException">PB0116.</exception>
    public static async Task<T> NotWaitingForAsync<T>(CheckedServer server, Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw Errors.TablesLocked(server.Server.Address, await DescribeAsync(server.Connection, ct), failure);
        }
    }

    // A prepared transaction has no pid.
    static async Task<string> DescribeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var locks = await connection.QueryAsync(
            """
            SELECT pg_catalog.format('%s by %s', l.relation::regclass, coalesce('session ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', ''), 'a prepared transaction'))
              FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
              LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             WHERE l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
               AND l.mode = 'AccessExclusiveLock' AND l.granted AND c.relkind IN ('r', 'p', 'm')
             ORDER BY 1 LIMIT 5
            """,
            row => row.GetString(0), ct);
        return locks.Count > 0 ? $"Locked: {string.Join(", ", locks)}" : "Whoever held the lock has let it go by now";
    }
}

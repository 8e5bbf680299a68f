using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>Who may write on the source, as its gate says it. Reads what the cutover has made there; waits for nothing.</summary>
static class SourceGate
{
    // The fence is the advisory lock ("pgba", "gate"), held exclusively; writers hold it shared.
    const string Fence =
        """
        EXISTS (SELECT FROM pg_catalog.pg_locks l
                 WHERE l.locktype = 'advisory' AND l.classid = 1885823585 AND l.objid = 1734440037 AND l.objsubid = 2
                   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                   AND l.mode = 'ExclusiveLock' AND l.granted)
        """;

    /// <summary>source, target or none; null if the gate is not there, or is that of another migration.</summary>
    public static async Task<string?> WriterAsync(NpgsqlConnection connection, string migration, CancellationToken ct)
        => await connection.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass('pgbaton.gate') IS NOT NULL", ct)
            ? await connection.QueryFirstAsync(
                $"SELECT CASE WHEN is_closed THEN 'target' WHEN {Fence} THEN 'none' ELSE 'source' END FROM pgbaton.gate WHERE migration = $1",
                row => row.GetString(0), ct, migration)
            : null;
}

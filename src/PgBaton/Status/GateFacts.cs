using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>Whether a side's gate lets writers in. Reads what the cutover has made there; waits for nothing.</summary>
static class GateFacts
{
    // The fence is the advisory lock ("pgba", "gate"), held exclusively; writers hold it shared.
    const string Fence =
        """
        EXISTS (SELECT FROM pg_catalog.pg_locks l
                 WHERE l.locktype = 'advisory' AND l.classid = 1885823585 AND l.objid = 1734440037 AND l.objsubid = 2
                   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                   AND l.mode = 'ExclusiveLock' AND l.granted)
        """;

    /// <summary>Of the gate that is there; null if it is that of another migration.</summary>
    public static Task<GateState?> StateAsync(NpgsqlConnection connection, string migration, CancellationToken ct)
        => connection.QueryFirstAsync(
            $"SELECT is_closed, is_held OR {Fence} FROM pgbaton.gate WHERE migration = $1",
            row => (GateState?)(row.GetBoolean(0) ? GateState.Closed : row.GetBoolean(1) ? GateState.Fenced : GateState.Open), ct, migration);
}

/// <summary>Of one side's gate.</summary>
enum GateState
{
    /// <summary>It lets writers in.</summary>
    Open,

    /// <summary>They wait: a cutover or rollback is under way.</summary>
    Fenced,

    /// <summary>The decision was for the other side.</summary>
    Closed,
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>Who holds the gate's advisory lock on the publisher: writers in flight (shared), a fence (exclusively).</summary>
static class GateLock
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(10);

    // How often to look before a session that still holds the fence is ended: our own needs a moment to see that its client is gone.
    const int Looks = 20;

    const string Holders =
        """
          FROM pg_catalog.pg_locks l
         WHERE l.locktype = 'advisory' AND l.classid = 1885823585 AND l.objid = 1734440037 AND l.objsubid = 2
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        """;

    /// <summary>Returns once no fence is held: this process's own, just let go, or that of a process which sleeps.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection publisher, Migration migration, CancellationToken ct)
    {
        for (var look = 1; await publisher.QueryValueAsync<bool>($"SELECT EXISTS (SELECT {Holders} AND l.mode = 'ExclusiveLock')", ct); look++)
        {
            if (look >= Looks)
                await publisher.ExecuteAsync($"SELECT pg_catalog.pg_terminate_backend(l.pid) {Holders} AND l.mode = 'ExclusiveLock'", ct);
            await Task.Delay(_interval, migration.Time, ct);
        }
    }

    /// <summary>
    /// For a transaction that will wait for the lock: such a session does not see that its client was killed, unless it looks; other systems than
    /// Linux may not be able to.
    /// </summary>
    public static Task WatchClientAsync(NpgsqlConnection publisher, CancellationToken ct)
        => publisher.ExecuteAsync(
            """
            SELECT pg_catalog.set_config(name, '500', true) FROM pg_catalog.pg_settings
             WHERE name = 'client_connection_check_interval' AND pg_catalog.version() LIKE '%linux%'
            """,
            ct);

    /// <summary>The transactions that a fence set now would wait for.</summary>
    public static async Task<HashSet<string>> WritersAsync(NpgsqlConnection publisher, CancellationToken ct)
        => [.. await publisher.QueryAsync($"SELECT l.virtualtransaction {Holders} AND l.mode = 'ShareLock' AND l.granted", row => row.GetString(0), ct)];

    /// <summary>The writers that a fence waits for, as a person reads it.</summary>
    public static async Task<string> DescribeWritersAsync(NpgsqlConnection publisher, CancellationToken ct)
    {
        var writers = await publisher.QueryAsync(
            $"""
            SELECT DISTINCT coalesce('session ' || l.pid || ' (' || nullif(a.application_name, '') || ')', 'session ' || l.pid, 'a prepared transaction')
              FROM (SELECT l.pid {Holders} AND l.mode = 'ShareLock' AND l.granted) l
              LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             LIMIT 10
            """,
            row => row.GetString(0), ct);
        return writers.Count > 0 ? $"waiting for the open transaction of {string.Join(", ", writers)}" : "waiting for writers";
    }
}

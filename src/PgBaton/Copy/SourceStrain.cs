using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Looks after the source while its tables are read: where a standby falls behind or the application's own sessions pile up, the brake is drawn, and
/// let go step by step when that is over. What is measured is compared with how it was when the copy began.
/// </summary>
/// <param name="route">With the brake.</param>
/// <param name="source">Who is asked.</param>
sealed class SourceStrain(CopyRoute route, SourceTable source)
{
    // A standby that keeps up is some kilobytes behind.
    const long Behind = 256 << 20;
    const int Sessions = 8;

    static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    // Of others. A role that may not see them sees none.
    const string Query =
        """
        SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity
                 WHERE state = 'active' AND backend_type = 'client backend' AND application_name NOT LIKE 'pgbaton/%'),
               (SELECT coalesce(max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn)), 0)::bigint FROM pg_catalog.pg_stat_replication
                 WHERE state = 'streaming' AND application_name NOT LIKE 'pgbaton/%')
        """;

    /// <summary>Until it is told to stop.</summary>
    public async Task WatchAsync(CancellationToken ct)
    {
        if (await source.AskAsync(session => session.QueryValueAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct), ct))
            return; // It has no WAL of its own that others could be behind.
        var usual = await LookAsync(ct);
        while (true)
        {
            await Task.Delay(_interval, route.Time, ct);
            var now = await LookAsync(ct);
            if (ReasonOf(now, usual) is not { } reason)
            {
                if (route.Brake.Ease())
                    route.Report(new Notice("the copy goes on at full speed"));
            }
            else if (route.Brake.Draw() is { } rate)
            {
                route.Report(new Notice($"the copy slows down to {rate >> 20} MB/s: {reason}"));
            }
        }
    }

    static string? ReasonOf((long Active, long Behind) now, (long Active, long Behind) usual)
        => now.Behind > usual.Behind + Behind ? $"a standby of the source is {now.Behind >> 20} MB behind"
            : now.Active > (2 * usual.Active) + Sessions ? $"{now.Active} sessions are at work on the source; there were {usual.Active} when the copy began"
            : null;

    Task<(long Active, long Behind)> LookAsync(CancellationToken ct)
        => source.AskAsync(session => session.QueryFirstAsync(Query, row => (row.GetInt64(0), row.GetInt64(1)), ct), ct);
}

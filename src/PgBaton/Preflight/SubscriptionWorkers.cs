using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// What a subscription runs on. One applies by one worker of max_logical_replication_workers, which is one of max_worker_processes, beside the launcher;
/// pgbaton copies by itself, so that no worker is needed for that.
/// </summary>
sealed class SubscriptionWorkers() : Check(
    "PB1034", "replication", "Are workers free on the target for a subscription?", "workers are free on the target for a subscription", Needs.Both, onlyFollowing: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.Via != Via.Subscription)
            return [Fine("not counted: pgbaton carries the changes, and not the servers (--via subscription)")];
        var target = servers.Target;
        // Those of every database; ours among them, once it is made.
        var others = (int)await target.Connection.QueryValueAsync<long>(
            "SELECT count(*) FROM pg_catalog.pg_subscription WHERE subenabled AND subname NOT LIKE 'pgbaton\\_%'", ct);
        var running = (int)await target.Connection.QueryValueAsync<long>(
            "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type NOT IN ('client backend', 'walsender', 'parallel worker', 'autovacuum worker', "
            + "'autovacuum launcher', 'background writer', 'checkpointer', 'walwriter', 'archiver', 'startup', 'io worker', 'slotsync worker', 'walsummarizer', 'walreceiver') "
            + "AND backend_type NOT LIKE 'logical replication %'", ct);
        return
        [
            .. Judge(target, "max_logical_replication_workers", others + 1, $"{others} other subscriptions + 1"),
            .. Judge(target, "max_worker_processes", others + running + 2, $"{others} other subscriptions + {running} other workers + the launcher + 1"),
            .. Judge(
                target, target.Facts.Setting("max_active_replication_origins") is null ? "max_replication_slots" : "max_active_replication_origins",
                others + 1, $"{others} other subscriptions + 1"),
        ];
    }

    IEnumerable<Finding> Judge(CheckedServer target, string setting, int needed, string formula)
    {
        var there = target.Facts.Number(setting);
        if (there < needed)
            yield return Blocker(
                $"{setting} of the target is {there}, a subscription needs {needed} ({formula})", "Without it the subscription is made, and never applies anything.",
                target.Provider.Set(setting, needed.ToString(CultureInfo.InvariantCulture), restarts: true), setting);
    }
}

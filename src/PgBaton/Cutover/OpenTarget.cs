using System.Globalization;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Cutover;

/// <summary>The decision, and the end of the downtime.</summary>
static class OpenTarget
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Fence is { } fence)
            await DecideAndOpenAsync(migration, fence, ct);
        else if (await Decision.IsMadeAsync(migration, ct))
            await OpenAfterCrashAsync(migration, ct);
        else
            throw Errors.FenceLost();

        var cutover = await migration.Journal.FindWordAsync("cutover", ct);
        await SwitchHook.RunAsync(migration, cutover?.Arguments.OnSwitch, ct);
        await Opening.AfterOpenAsync(migration, ct);
        if (cutover is not null)
            await migration.Journal.EndWordAsync(cutover, ExitCode.Done, null, ct);
    }

    // What the target needs is done, not committed, before the decision: if it fails, the fence is lifted and nothing remains.
    static async Task DecideAndOpenAsync(Migration migration, Fence fence, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("open", ct);
        await fence.WithinBudgetAsync(async limited =>
        {
            await fence.SealAsync(limited);
            await PrepareAsync(target, migration, limited);
            await fence.DecideAsync(limited);
        }, ct);
        migration.Report(new Decided("target"));
        await CommitAsync(target, migration, fence.Elapsed, ct);
        await EndSessionsAsync(migration, ct);
        await fence.DisposeAsync();
        migration.Fence = null;
    }

    static async Task OpenAfterCrashAsync(Migration migration, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.Writer, ct) == "target")
            return;
        migration.Report(new Decided("target"));
        await using var target = await migration.Target.OpenAsync("open", ct);
        await PrepareAsync(target, migration, ct);
        var fencedAt = await migration.Journal.GetFactAsync(Fact.FencedAt, ct);
        var downtime = fencedAt is null
            ? TimeSpan.Zero
            : migration.Time.GetUtcNow() - DateTimeOffset.Parse(fencedAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        await CommitAsync(target, migration, downtime, ct);
        await EndSessionsAsync(migration, ct);
    }

    static async Task PrepareAsync(Npgsql.NpgsqlConnection target, Migration migration, CancellationToken ct)
    {
        await target.ExecuteAsync("BEGIN", ct);
        await target.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        await Opening.BeforeOpenAsync(migration, target, ct);
        await TargetGate.OpenAsync(target, ct);
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
    }

    static async Task CommitAsync(Npgsql.NpgsqlConnection target, Migration migration, TimeSpan downtime, CancellationToken ct)
    {
        var seconds = downtime.TotalSeconds;
        await target.ExecuteAsync(
            """
            INSERT INTO pgbaton.fact (key, value) VALUES ($1, 'target'), ($2, $3)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = now()
            """,
            ct, Fact.Writer, Fact.Downtime, seconds.ToString(CultureInfo.InvariantCulture));
        await target.ExecuteAsync("COMMIT", ct);
        migration.Report(new TargetOpened(seconds));
    }

    // Once more, now that whoever comes back reads the decision: sessions may have begun since the last time.
    static async Task EndSessionsAsync(Migration migration, CancellationToken ct)
    {
        if (await OtherSessions.EndAsync(migration, ct) is var left and > 0)
        {
            migration.Report(new Warning(
                "PB0801", $"{left} sessions on the old source could not be ended, or came back at once",
                "They cannot write any table of this migration. Point their application at the target."));
        }
    }
}

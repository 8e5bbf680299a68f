using System.Globalization;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Cutover;

/// <summary>The downtime begins: writers wait, and the target gets the last of their changes.</summary>
static class SetFence
{
    public static Task RunAsync(Migration migration, CancellationToken ct)
        => RunAsync(migration, async limited => await (await migration.RelayAsync(limited)).PassMarkerAsync(limited), ct);

    internal static async Task RunAsync(Migration migration, Func<CancellationToken, Task<MarkerPassed>> passMarker, CancellationToken ct)
    {
        var arguments = (await migration.Journal.FindWordAsync("cutover", ct))?.Arguments ?? new WordArguments();
        if (arguments.Rehearse)
            throw Errors.WordRefused("cutover", "this version cannot rehearse one");

        await SourceGate.ArmAsync(migration, ct);
        var shapes = await Drift.MustBeNoneAsync(migration, ct);
        await migration.Journal.SetFactAsync(Fact.FencedAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
        var fence = migration.Fence = await Fence.CloseAsync(migration, TimeSpan.FromSeconds(arguments.MaxDowntimeSeconds), passMarker, ct);
        migration.Report(new FenceSet(fence.Elapsed.TotalSeconds));
        await fence.WithinBudgetAsync(async limited =>
        {
            var lsn = await fence.DrainAsync(shapes, limited);
            await CopyUnlogged.RunAsync(migration, limited);
            await migration.Journal.SetFactAsync(Fact.FenceLsn, lsn.ToString(), limited);
            migration.Report(new MarkerApplied(lsn.ToString()));
        }, ct);
    }

    /// <summary>
    /// Lifts the fence, whoever set it, and makes sure that it cannot be followed by a decision. The triggers stay on the tables: taking them
    /// away needs a lock on each, and the next cutover needs them again.
    /// </summary>
    /// <exception cref="MigrationException">PB0715: too late.</exception>
    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Fence is { } fence)
            await fence.DisposeAsync();
        migration.Fence = null;

        await using var source = await migration.Source.OpenAsync("fence", ct);
        if (await GateRow.FindAsync(source, ct) is not { } row || row.Migration != migration.Journal.Name)
            return;
        await GateLock.ReleaseAsync(source, migration, ct);
        if (await Decision.IsMadeAsync(migration, ct)
            || await source.ExecuteAsync("UPDATE pgbaton.gate SET epoch = NULL WHERE migration = $1 AND NOT is_closed", ct, migration.Journal.Name) != 1)
        {
            throw Errors.DecidedMeanwhile();
        }
    }
}

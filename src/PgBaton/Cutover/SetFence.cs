using System.Globalization;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Schema;
using PgBaton.Verify;

namespace PgBaton.Cutover;

/// <summary>The downtime begins: writers wait, and the subscriber gets the last of their changes.</summary>
static class SetFence
{
    // Of the downtime budget: what comparing the last rows may take of it.
    const double LookShare = 0.25;

    public static Task RunAsync(Migration migration, CancellationToken ct)
        => RunAsync(migration, limited => Lane.Of(migration.Options).PassMarkerAsync(migration, limited), ct);

    internal static async Task RunAsync(Migration migration, Func<CancellationToken, Task<MarkerPassed>> passMarker, CancellationToken ct)
    {
        var arguments = (await migration.Journal.FindWordAsync(migration.Direction.Word, ct))?.Arguments ?? new WordArguments();
        if (arguments.Rehearse)
            throw Errors.WordRefused(migration.Direction.Word, "it is only to be rehearsed");

        await (migration.Direction.IsBack ? TargetGate.ArmAgainAsync(migration, ct) : SourceGate.ArmAsync(migration, ct));
        var here = await CompareDefinitionsAsync(migration, ct);
        var shapes = await Drift.MustBeNoneAsync(migration, ct);
        if (migration.Direction.IsBack)
            await SchemaComparison.RunAsync(migration, ct); // What the new writer's DDL did is not replayed: whoever goes back is told of it.
        await LateChanges.RecordAsync(migration, ct);
        await migration.Journal.SetFactAsync(Fact.Switched, null, ct);
        var lane = Lane.Of(migration.Options);
        var hasWayBack = lane.Follows && !arguments.NoReverse;
        await migration.Journal.SetFactAsync(Fact.WayBack, hasWayBack ? null : "none", ct);
        if (!lane.LosesWrites)
            await LargeObjects.SyncAsync(migration, ct); // So that little is left for inside the fence.
        var early = hasWayBack ? await EarlySlot.OpenAsync(migration, ct) : null;
        var there = await CompareTargetAsync(migration, early, ct);
        await using var look = lane.Look(migration);
        var fence = await CloseAsync(migration, arguments, passMarker, early, look, ct);
        migration.Report(new FenceSet(fence.Elapsed.TotalSeconds));
        await fence.WithinBudgetAsync(async limited =>
        {
            var lsn = await fence.DrainAsync(shapes, here, there, limited);
            if (lane.Follows)
                await CopyUnlogged.RunAsync(migration, limited);
            await fence.SettleLargeObjectsAsync(limited);
            await look.InFenceAsync(TimeSpan.FromSeconds(arguments.MaxDowntimeSeconds * LookShare), limited);
            await migration.Journal.SetFactAsync(Fact.FenceLsn, lsn.ToString(), limited);
            if (!lane.LosesWrites)
                migration.Report(new MarkerApplied(lsn.ToString()));
        }, ct);
    }

    // The gate may have waited for its locks, and tables may have been verified for hours. Returns what the definitions come to: as long as they stay, the target has them.
    static async Task<Definitions> CompareDefinitionsAsync(Migration migration, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("drift", ct);
        var now = await Definitions.ReadAsync(publisher, ct);
        var isCompared = migration.Direction.IsBack || await Definitions.ComparedAsync(migration, Side.Source, ct) is not { } compared || compared.Equals(now);
        if (!isCompared && await SchemaDrift.FindAsync(migration, ct) is [var change, ..])
            throw Errors.DefinitionsChanged(change.Object, Side.Source);
        return now;
    }

    // What waited for the stream has been made by now, tables may have become FULL for the way back, and somebody may have altered the target since it was compared. Null: its
    // definitions are the operator's own affair.
    static async Task<Definitions?> CompareTargetAsync(Migration migration, EarlySlot? early, CancellationToken ct)
    {
        if (migration.Direction.IsBack || migration.Options.ExistingSchema)
            return null;
        try
        {
            var now = await Definitions.ReadAsync(migration.Target, ct);
            if (await Definitions.ComparedAsync(migration, Side.Target, ct) is { } compared && !compared.Equals(now)
                && await SchemaDrift.FindAsync(migration, ct, always: true) is [var change, ..])
            {
                throw Errors.DefinitionsChanged(change.Object, Side.Target);
            }

            return now;
        }
        catch
        {
            await (early?.DisposeAsync() ?? default);
            throw;
        }
    }

    static async Task<Fence> CloseAsync(
        Migration migration, WordArguments arguments, Func<CancellationToken, Task<MarkerPassed>> passMarker, EarlySlot? early, ILastLook look,
        CancellationToken ct)
    {
        FenceSessions? sessions = null;
        try
        {
            sessions = await FenceSessions.OpenAsync(migration.Direction, ct);
            await look.ApproachAsync(ct); // The last thing before it, so that little is left to compare inside.
            if (!Lane.Of(migration.Options).HoldsWriters) // They could not write since long before.
                await migration.Journal.SetFactAsync(Fact.FencedAt, migration.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
            var (asked, budget) = (migration.Time.GetTimestamp(), TimeSpan.FromSeconds(arguments.MaxDowntimeSeconds));
            await Pooler.PauseAsync(migration, arguments.PgBouncer, budget, ct); // From here on its clients wait.
            return migration.Fence = await Fence.CloseAsync(migration, asked, budget, passMarker, early, sessions, ct);
        }
        catch
        {
            await (sessions?.DisposeAsync() ?? default);
            await (early?.DisposeAsync() ?? default);
            throw;
        }
    }

    /// <summary>
    /// Lifts the fence, whoever set it, and makes sure that it cannot be followed by a decision. The triggers stay on the tables: taking them
    /// away needs a lock on each, and the next cutover needs them again. The slot of the other way goes: it would keep WAL for nobody.
    /// </summary>
    /// <exception cref="MigrationException">PB0715: too late.</exception>
    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Fence is { } fence)
            await fence.DisposeAsync();
        migration.Fence = null;
        if (await migration.Journal.GetFactAsync(Fact.Pooler, ct) is not null && !await Decision.IsMadeAsync(migration, ct))
            await Pooler.ResumeAsync(migration, reload: false, ct);

        await using var publisher = await migration.Direction.Publisher.OpenAsync("fence", ct);
        if (await GateRow.FindAsync(publisher, ct) is not { } row || row.Migration != migration.Journal.Name)
            return;
        await GateLock.ReleaseAsync(publisher, migration, ct);
        if (await Decision.IsMadeAsync(migration, ct)
            || await publisher.ExecuteAsync("UPDATE pgbaton.gate SET epoch = NULL WHERE migration = $1 AND NOT is_closed", ct, migration.Journal.Name) != 1)
        {
            throw Errors.DecidedMeanwhile(migration.Direction.Subscriber.Side);
        }

        await CreateSlot.DropAsync(migration.Direction.Opposite, ct);
    }
}

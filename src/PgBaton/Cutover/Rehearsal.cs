using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Schema;
using PgBaton.Sequences;

namespace PgBaton.Cutover;

/// <summary>
/// All of a cutover but the fence and the decision, each part timed: what they take together is the downtime it would cost now. Writers go on,
/// and nothing stays: the gate's triggers go if they were not there before, the early slot goes, what the opening does is rolled back.
/// </summary>
static class Rehearsal
{
    /// <exception cref="MigrationException">Whatever would stop the cutover; PB0703 if the writers in flight do not end within the downtime budget.</exception>
    public static async Task<Rehearsed> RunAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        var direction = migration.Direction;
        var lane = Lane.Of(migration.Options);
        var (hadGate, wasArmed) = await GateBeforeAsync(direction.Publisher, ct);
        try
        {
            await (direction.IsBack ? TargetGate.ArmAgainAsync(migration, ct) : SourceGate.ArmAsync(migration, ct));
            await Drift.MustBeNoneAsync(migration, ct);
            await using var early = arguments.NoReverse || !lane.Follows ? null : await EarlySlot.OpenAsync(migration, ct);
            if (!lane.LosesWrites)
                await LargeObjects.SyncAsync(migration, ct);
            await using var look = lane.Look(migration);
            await look.ApproachAsync(ct);
            return new Rehearsed(
                await TimeAsync(migration, () => WaitForWritersAsync(migration, TimeSpan.FromSeconds(arguments.MaxDowntimeSeconds), ct)),
                await TimeAsync(migration, () => DrainAsync(migration, ct)),
                await TimeAsync(migration, () => look.LookAsync(ct)),
                await TimeAsync(migration, () => ReadSequencesAsync(migration, ct)),
                await TimeAsync(migration, () => PrepareAsync(migration, ct)));
        }
        finally
        {
            if (!arguments.NoReverse)
                await CreateSlot.UndoAsync(migration, direction.Opposite, CancellationToken.None);
            if (!wasArmed)
                await SourceGate.DropAsync(migration, CancellationToken.None, onlyTriggers: hadGate);
        }
    }

    // The gate's schema may be there long before its triggers, with the marker's table.
    static async Task<(bool Exists, bool IsArmed)> GateBeforeAsync(Server publisher, CancellationToken ct)
    {
        await using var session = await publisher.OpenAsync("rehearsal", ct);
        return (await GateRow.ExistsAsync(session, ct), (await GateTriggers.ArmedAsync(session, ct)).Count > 0);
    }

    static async Task<double> TimeAsync(Migration migration, Func<Task> part)
    {
        var started = migration.Time.GetTimestamp();
        await part();
        return migration.Time.GetElapsedTime(started).TotalSeconds;
    }

    // The fence would wait for those who write now, and for nobody who comes later.
    static async Task WaitForWritersAsync(Migration migration, TimeSpan budget, CancellationToken ct)
    {
        await using var session = await migration.Direction.Publisher.OpenAsync("rehearsal", ct);
        var started = migration.Time.GetTimestamp();
        var writers = await GateLock.WritersAsync(session, ct);
        while (writers.Count > 0)
        {
            if (migration.Time.GetElapsedTime(started) > budget)
                throw Errors.DowntimeExceeded(migration.Direction, budget, await GateLock.DescribeWritersAsync(session, ct));
            await Task.Delay(TimeSpan.FromMilliseconds(5), migration.Time, ct);
            writers.IntersectWith(await GateLock.WritersAsync(session, ct));
        }
    }

    // The shapes are read twice and two markers go round; the way back has a third.
    static async Task DrainAsync(Migration migration, CancellationToken ct)
    {
        var lane = Lane.Of(migration.Options);
        await using var session = await migration.Direction.Publisher.OpenAsync("rehearsal", ct);
        for (var round = 1; round <= 3; round++)
        {
            await lane.PassMarkerAsync(migration, ct);
            await TableShapes.ReadAsync(session, migration.Options, ct);
        }

        if (!lane.LosesWrites)
            await LargeObjects.SyncAsync(migration, ct);
    }

    // Setting them takes one round trip more, and would stay.
    static async Task ReadSequencesAsync(Migration migration, CancellationToken ct)
    {
        await using var sides = await TwoSides.OpenAsync(migration.Direction.Publisher, migration.Direction.Subscriber, "rehearsal", ct);
        foreach (var session in new[] { sides.Publisher, sides.Subscriber })
            await SequenceState.ReadAsync(session, await Sequence.ListAsync(session, new Scope(migration.Options), ct), withDefinition: true, ct);
    }

    // The relay stands meanwhile, so that it holds no lock for which the opening would wait.
    static async Task PrepareAsync(Migration migration, CancellationToken ct)
    {
        await using var subscriber = await migration.Direction.Subscriber.OpenAsync("rehearsal", ct);
        await using var hold = await Lane.Of(migration.Options).HoldAsync(migration, ct);
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.ExecuteAsync("SET LOCAL lock_timeout = '5s'", ct);
        await Opening.BeforeOpenAsync(migration, subscriber, ct);
        await GateRow.OpenAsync(subscriber, mayCloseAgain: true, ct);
        await transaction.RollbackAsync(ct);
    }
}

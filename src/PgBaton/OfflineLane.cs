using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Offline;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Verify;

namespace PgBaton;

/// <summary>
/// One copy and no stream: for sources from which no changes can be read. Either the source is held closed from before the copy, and nothing is
/// lost; or writers go on, and the target has what there was when the copy began.
/// </summary>
sealed class OfflineLane : Lane
{
    readonly bool _isHeld;

    OfflineLane(bool isHeld) => _isHeld = isHeld;

    /// <summary><c>--fence-first</c>.</summary>
    public static OfflineLane Held { get; } = new(isHeld: true);

    /// <summary>Without it.</summary>
    public static OfflineLane AsOfTheCopy { get; } = new(isHeld: false);

    public override string Name => "offline";

    public override bool Follows => false;

    public override bool LosesWrites => !_isHeld;

    public override bool HoldsWriters => _isHeld;

    public override Task MakeSlotAsync(Migration migration, CancellationToken ct)
    {
        migration.Report(new Notice("nothing to make: with --offline no changes are followed"));
        return Task.CompletedTask;
    }

    public override async Task CopyAsync(Migration migration, CancellationToken ct)
    {
        if (!_isHeld)
            migration.Report(Errors.WritesNotCarried("the copy begins now"));
        CopySnapshots snapshots = _isHeld ? new HeldSnapshots(migration) : new OneSnapshot(migration);
        await CopyTables.CopyAsync(migration, snapshots, ct);
        await snapshots.EndAsync(ct);
        if (await migration.Journal.GetFactAsync(Fact.CopiedAsOf, ct) is { } at && !_isHeld)
            migration.Report(Errors.WritesNotCarried($"the copy is of {at}"));
    }

    /// <summary>Nothing is on its way, ever.</summary>
    public override async Task<MarkerPassed> PassMarkerAsync(Migration migration, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("marker", ct);
        return new MarkerPassed("", await publisher.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct), ChangesBefore: 0);
    }

    public override Task<IAsyncDisposable> HoldAsync(Migration migration, CancellationToken ct) => Task.FromResult<IAsyncDisposable>(new AtRest());

    public override Task<SnapshotPair> TakePairAsync(Migration migration, CancellationToken ct)
    {
        if (!_isHeld)
            migration.Report(new Notice("the source is compared as it is now: what was written there since the copy is a difference"));
        return SnapshotPair.AtRestAsync(migration.Source, migration.Target, lsn: null, ct);
    }

    public override ILastLook Look(Migration migration) => new Apart(migration, mayDiffer: !_isHeld);

    public override Task ReleaseWritersAsync(Migration migration, CancellationToken ct)
        => _isHeld ? SourceHold.LiftAsync(migration, ct) : Task.CompletedTask;

    // Nobody but us writes on the target, and we do nothing there.
    sealed class AtRest : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

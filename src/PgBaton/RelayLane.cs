using PgBaton.Copy;
using PgBaton.Relay;
using PgBaton.Tables;
using PgBaton.Verify;

namespace PgBaton;

/// <summary>Our own stream, from the publisher's slot.</summary>
sealed class RelayLane : Lane
{
    RelayLane()
    {
    }

    public static RelayLane Instance { get; } = new();

    public override string Name => "relay";

    public override bool Follows => true;

    public override Task MakeSlotAsync(Migration migration, CancellationToken ct) => CreateSlot.RunAsync(migration, ct);

    public override Task CopyAsync(Migration migration, CancellationToken ct)
        => LevelSchema.CopyAsync(migration, stop => CopyTables.RunAsync(migration, stop), ct);

    public override async Task<MarkerPassed> PassMarkerAsync(Migration migration, CancellationToken ct)
        => await (await migration.RelayAsync(ct)).PassMarkerAsync(ct);

    public override async Task<IAsyncDisposable> HoldAsync(Migration migration, CancellationToken ct)
        => await (await migration.RelayAsync(ct)).HoldAsync(ct);

    public override Task<SnapshotPair> TakePairAsync(Migration migration, CancellationToken ct) => SnapshotPair.ThroughRelayAsync(migration, ct);

    public override ILastLook Look(Migration migration) => new DeltaVerification(migration);
}

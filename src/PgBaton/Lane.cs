using PgBaton.Relay;
using PgBaton.Verify;

namespace PgBaton;

/// <summary>
/// The way in which the subscriber comes to have what the publisher has. Steps ask it for what they need, and do not know which way it is.
/// </summary>
abstract class Lane
{
    /// <summary>The one that the migration began with.</summary>
    public static Lane Of(MigrationOptions options)
        => !options.Offline ? RelayLane.Instance : options.FenceFirst ? OfflineLane.Held : OfflineLane.AsOfTheCopy;

    /// <summary>As in a status.</summary>
    public abstract string Name { get; }

    /// <summary>Changes are carried while writers work, and back after a cutover.</summary>
    public abstract bool Follows { get; }

    /// <summary>What is committed on the source after the copy's snapshot does not come over.</summary>
    public virtual bool LosesWrites => false;

    /// <summary>Writers are kept out from before the copy until the cutover or abort, whatever becomes of our processes.</summary>
    public virtual bool HoldsWriters => false;

    /// <summary>For step <c>slot</c>.</summary>
    public abstract Task MakeSlotAsync(Migration migration, CancellationToken ct);

    /// <summary>For step <c>copy</c>.</summary>
    public abstract Task CopyAsync(Migration migration, CancellationToken ct);

    /// <summary>Returns once the subscriber has whatever this lane carries of what the publisher had committed before the call.</summary>
    public abstract Task<MarkerPassed> PassMarkerAsync(Migration migration, CancellationToken ct);

    /// <summary>The subscriber's rows stay what they are until this is disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldAsync(Migration migration, CancellationToken ct);

    /// <summary>A snapshot of each side, to be compared while writers may work.</summary>
    public abstract Task<SnapshotPair> TakePairAsync(Migration migration, CancellationToken ct);

    /// <summary>What is compared once more around the fence.</summary>
    public abstract ILastLook Look(Migration migration);

    /// <summary>The migration is given up: writers are let in again before anything else is undone.</summary>
    public virtual Task ReleaseWritersAsync(Migration migration, CancellationToken ct) => Task.CompletedTask;
}

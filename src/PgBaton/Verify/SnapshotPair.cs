using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Verify;

/// <summary>One snapshot of each side that must show the same rows.</summary>
sealed class SnapshotPair(ExportedSnapshot source, ExportedSnapshot target, Lsn? lsn) : IAsyncDisposable
{
    /// <summary>One in thirty snapshots of a busy source is no prefix of its commit order; more while a synchronous standby is slow.</summary>
    public const int Tries = 20;

    static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(500);

    public ExportedSnapshot Source => source;

    public ExportedSnapshot Target => target;

    /// <summary>Up to where the source's history is in both; null for databases that no relay connects.</summary>
    public Lsn? Lsn => lsn;

    /// <summary>
    /// While writers run: the relay stands still, the publisher's snapshot is taken, the relay applies exactly what that snapshot sees, the
    /// subscriber's snapshot is taken, and the relay goes on. Waits for nobody's open transaction.
    /// </summary>
    /// <exception cref="MigrationException">PB0602.</exception>
    public static async Task<SnapshotPair> ThroughRelayAsync(Migration migration, CancellationToken ct)
    {
        var relay = await migration.RelayAsync(ct);
        await relay.PassMarkerAsync(ct); // So that the hold is short: what is left to apply is what was written since.
        await using var hold = await relay.HoldAsync(ct);
        return await UnderHoldAsync(migration, hold, ct);
    }

    /// <summary>The same with the relay standing still afterwards, for as long as the caller holds it: the subscriber's rows stay what they are.</summary>
    /// <exception cref="MigrationException">PB0602.</exception>
    public static async Task<SnapshotPair> UnderHoldAsync(Migration migration, RelayHold hold, CancellationToken ct)
    {
        var direction = migration.Direction;
        await using var session = await direction.Publisher.OpenAsync("verify", ct);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var published = await ExportedSnapshot.NowAsync(direction.Publisher, ct);
            try
            {
                var marker = Marker.NewContent();
                var seen = await published.TransactionsAsync(ct);
                // After the snapshot, in another session: it bounds what the relay must read.
                await Marker.WriteAsync(session, marker, ct);
                if (await hold.AdvanceToAsync(seen, marker, ct))
                {
                    hold.CutTouched();
                    return Of(direction, published, await ExportedSnapshot.NowAsync(direction.Subscriber, ct), hold.AppliedLsn);
                }
            }
            catch
            {
                await published.DisposeAsync();
                throw;
            }

            await published.DisposeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(_longestPause.TotalMilliseconds, 5 * attempt * attempt)), migration.Time, ct);
        }

        throw Errors.NoCommonPoint(Tries);
    }

    /// <summary>When nobody writes and everything is applied: inside the fence, or two databases that no relay connects.</summary>
    public static async Task<SnapshotPair> AtRestAsync(Server source, Server target, Lsn? lsn, CancellationToken ct)
    {
        var first = await ExportedSnapshot.NowAsync(source, ct);
        try
        {
            return new SnapshotPair(first, await ExportedSnapshot.NowAsync(target, ct), lsn);
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    // On the way back the point is one of the target's WAL, which means nothing beside what the journal holds about tables.
    static SnapshotPair Of(Direction direction, ExportedSnapshot published, ExportedSnapshot applied, Lsn lsn)
        => direction.IsBack ? new SnapshotPair(applied, published, lsn: null) : new SnapshotPair(published, applied, lsn);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await target.DisposeAsync();
    }
}

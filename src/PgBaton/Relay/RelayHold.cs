namespace PgBaton.Relay;

/// <summary>The relay stands at a commit boundary of the source and applies nothing. It goes on when this is disposed.</summary>
sealed class RelayHold(RelayRun relay, Hold hold) : IAsyncDisposable
{
    /// <summary>
    /// Applies, up to the marker, the transactions that the snapshot sees (text of <c>pg_current_snapshot()</c>), commits, and stands again.
    /// False if the snapshot is no prefix of the commit order: nothing was applied then, and another snapshot is needed.
    /// The marker is a <see cref="Marker"/> with this content, written after the snapshot was taken.
    /// </summary>
    public Task<bool> AdvanceToAsync(string snapshot, string marker, CancellationToken ct)
        => relay.AdvanceAsync(TransactionSnapshot.Parse(snapshot), marker, ct);

    /// <summary>Both sides are compared as they are now.</summary>
    public void CutTouched() => relay.Touched.Cut(relay.AppliedLsn);

    /// <summary>Up to where the target is now.</summary>
    public Lsn AppliedLsn => relay.AppliedLsn;

    public ValueTask DisposeAsync()
    {
        hold.Released.TrySetResult();
        return ValueTask.CompletedTask;
    }
}

namespace PgBaton.Relay;

/// <summary>The relay stands at a commit boundary.</summary>
sealed class RelayHold : IAsyncDisposable
{
    /// <summary>
    /// Applies, up to the marker, the transactions that the snapshot sees (text of <c>pg_current_snapshot()</c>), commits, and stands again.
    /// False if the snapshot is no prefix of the commit order: nothing was applied then, and another snapshot is needed.
    /// The marker is a transactional logical message with prefix <c>pgbaton</c> and this content, emitted after the snapshot was taken.
    /// </summary>
    public Task<bool> AdvanceToAsync(string snapshot, string marker, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Up to where the target is now.</summary>
    public Lsn AppliedLsn => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

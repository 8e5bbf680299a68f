namespace PgBaton.Relay;

/// <summary>The running stream of changes from the source's slot to the target.</summary>
sealed class RelayRun : IAsyncDisposable
{
    /// <summary>Connects at the LSN the journal holds and begins to apply.</summary>
    public static Task<RelayRun> StartAsync(Migration migration, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Ends only with a failure, or when disposed.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>
    /// Writes a transactional logical message on the source and returns its commit LSN once everything up to it is on the target.
    /// What the source had committed before the call is then applied.
    /// </summary>
    public Task<MarkerPassed> PassMarkerAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Stops applying at a commit boundary of the source, until the hold is disposed. Reading goes on as far as buffers allow.</summary>
    public Task<RelayHold> HoldAsync(CancellationToken ct) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>A marker that came back.</summary>
/// <param name="CommitLsn">Of the marker's transaction on the source.</param>
/// <param name="ChangesBefore">Row changes received, of tables in scope, since the relay started, when the marker came by.</param>
sealed record MarkerPassed(Lsn CommitLsn, long ChangesBefore);

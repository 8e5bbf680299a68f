using System.Threading.Channels;

namespace PgBaton;

/// <summary>
/// Writes the events worth keeping into the journal, in their order, so that another terminal, the page and a later reader see them.
/// What a failed write would have told is lost with the session that failed; the engine hears of that failure through its own commands.
/// </summary>
sealed class EventJournal : IAsyncDisposable
{
    readonly Channel<MigrationEvent> _waiting = Channel.CreateUnbounded<MigrationEvent>(new UnboundedChannelOptions { SingleReader = true });
    readonly Task _writing;

    public EventJournal(Journal journal) => _writing = WriteAsync(journal);

    /// <summary>Returns at once. Measurements that only matter while they are fresh are not kept.</summary>
    public void Add(MigrationEvent happened)
    {
        if (happened is not (CopyProgress or LagMeasured))
            _waiting.Writer.TryWrite(happened);
    }

    /// <summary>Waits for what has been added.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    async Task WriteAsync(Journal journal)
    {
        await foreach (var happened in _waiting.Reader.ReadAllAsync())
            await journal.RecordAsync(happened, CancellationToken.None);
    }
}

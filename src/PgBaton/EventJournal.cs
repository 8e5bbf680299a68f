using System.Threading.Channels;

namespace PgBaton;

/// <summary>
/// Writes the events worth keeping into the journal, in their order, so that another terminal, the page and a later reader see them.
/// What a failed write would have told is lost with the session that failed; the engine hears of that failure through its own commands.
/// </summary>
sealed class EventJournal : IAsyncDisposable
{
    const double SamplesOfLag = 100;
    const int AtATime = 100;

    readonly Channel<MigrationEvent> _waiting = Channel.CreateUnbounded<MigrationEvent>(new UnboundedChannelOptions { SingleReader = true });
    readonly Task _writing;
    readonly TimeProvider _time;
    readonly long _begun;
    long? _lastLag;

    public EventJournal(Journal journal, TimeProvider time) => (_writing, _time, _begun) = (WriteAsync(journal), time, time.GetTimestamp());

    /// <summary>Returns at once. Measurements that only matter while they are fresh are not kept, but for some of the lag.</summary>
    public void Add(MigrationEvent happened)
    {
        if (happened is LagMeasured ? IsDue() : happened is not (CopyProgress or SlotMeasured))
            _waiting.Writer.TryWrite(happened);
    }

    // Often at first, seldom later: enough for a curve, few after weeks.
    bool IsDue()
    {
        var now = _time.GetTimestamp();
        if (_lastLag is { } last && _time.GetElapsedTime(last, now) < _time.GetElapsedTime(_begun, now) / SamplesOfLag)
            return false;
        _lastLag = now;
        return true;
    }

    /// <summary>Waits for what has been added.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task WriteAsync(Journal journal)
    {
        var together = new List<MigrationEvent>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < AtATime && _waiting.Reader.TryRead(out var happened))
                together.Add(happened);
            await journal.RecordAsync(together, CancellationToken.None);
        }
    }
}

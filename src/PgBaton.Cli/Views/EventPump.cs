using System.Threading.Channels;

namespace PgBaton.Cli.Views;

/// <summary>
/// Events arrive on any thread and leave on one. A view that is slow (a pipe that nobody reads) never holds up the engine: progress is then
/// left out, everything else waits its turn.
/// </summary>
sealed class EventPump : IAsyncDisposable
{
    const int ManyWaiting = 1000;
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    readonly Channel<(DateTimeOffset At, MigrationEvent Happened)> _channel
        = Channel.CreateUnbounded<(DateTimeOffset, MigrationEvent)>(); // One for a single reader could not count what waits.

    readonly IReadOnlyList<IView> _views;
    readonly TimeProvider _time;
    readonly Task _consumer;
    int _waiting;

    public EventPump(IReadOnlyList<IView> views, TimeProvider time)
    {
        (_views, _time) = (views, time);
        _consumer = Task.Run(ConsumeAsync);
    }

    public void Add(MigrationEvent happened)
    {
        if (happened is CopyProgress or LagMeasured or SlotMeasured && Volatile.Read(ref _waiting) > ManyWaiting)
            return;
        Interlocked.Increment(ref _waiting);
        _channel.Writer.TryWrite((_time.GetUtcNow(), happened));
    }

    /// <summary>Shows what is still waiting, then lets go of the terminal.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        try
        {
            await _consumer;
        }
        finally
        {
            foreach (var view in _views)
                await view.DisposeAsync();
        }
    }

    async Task ConsumeAsync()
    {
        var arrived = _channel.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            if (await Task.WhenAny(arrived, Task.Delay(_interval, _time)) == arrived)
            {
                if (!await arrived)
                    return;
                while (_channel.Reader.TryRead(out var next))
                {
                    Interlocked.Decrement(ref _waiting);
                    foreach (var view in _views)
                        view.Show(next.At, next.Happened);
                }

                arrived = _channel.Reader.WaitToReadAsync().AsTask();
            }

            foreach (var view in _views)
                view.Tick();
        }
    }
}

using PgBaton.Cli.Demo.Shop;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>The eight writers, all at work at the same time.</summary>
sealed class Crowd : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _abandon;
    Task _work = Task.CompletedTask;

    Crowd(IReadOnlyList<Writer> writers, CancellationToken ct)
        => (Writers, _abandon) = (writers, CancellationTokenSource.CreateLinkedTokenSource(ct));

    public IReadOnlyList<Writer> Writers { get; }

    /// <summary>Ends early only if a writer met an error that a cutover does not explain, and then fails with it.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    public long Acknowledged => Writers.Sum(writer => (long)writer.Ledger.Acknowledged.Count);

    public static Crowd Start(Endpoint endpoint, ShopSize size, int seed, TimeProvider time, CancellationToken ct)
    {
        var crowd = new Crowd(
            [
                new OrderPlacer(endpoint, size, time), new Transfers(endpoint, size, time), new Counters(endpoint, size, time),
                new KeyChanges(endpoint, size, time), new Deletes(endpoint, size, time), new Upserts(endpoint, size, time),
                new Notes(endpoint, size, time), new Events(endpoint, size, time),
            ], ct);
        var tasks = crowd.Writers.Select(writer => writer.RunAsync(seed, crowd._stop.Token, crowd._abandon.Token)).ToList();
        crowd._work = Task.WhenAll(tasks);
        crowd.Failure = FirstFailureAsync(tasks);
        return crowd;
    }

    /// <summary>Each writer settles the transaction it is at; none is left in doubt.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync();
        await _work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (var writer in Writers)
            await writer.DisposeAsync();
        _stop.Dispose();
        _abandon.Dispose();
    }

    static async Task FirstFailureAsync(List<Task> tasks)
    {
        await foreach (var ended in Task.WhenEach(tasks))
            await ended;
    }
}

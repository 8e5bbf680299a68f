using PgBaton.Cli.Demo.Shop;

namespace PgBaton.Cli.Demo.Writers;

/// <summary>The eight writers, all at work at the same time.</summary>
sealed class Crowd : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new(), _abandon = new();
    Task _work = Task.CompletedTask;

    Crowd(IReadOnlyList<Writer> writers) => Writers = writers;

    public IReadOnlyList<Writer> Writers { get; }

    /// <summary>Ends early only if a writer met an error that a cutover does not explain, and then fails with it.</summary>
    public Task Failure { get; private set; } = Task.CompletedTask;

    public static Crowd Create(Endpoint endpoint, ShopSize size, TimeProvider time) => new(
    [
        new OrderPlacer(endpoint, size, time), new Transfers(endpoint, size, time), new Counters(endpoint, size, time),
        new KeyChanges(endpoint, size, time), new Deletes(endpoint, size, time), new Upserts(endpoint, size, time),
        new Notes(endpoint, size, time), new Events(endpoint, size, time),
    ]);

    /// <param name="seed">Equal seeds, equal transactions.</param>
    /// <param name="ct">Leaves transactions unsettled.</param>
    public void Start(int seed, CancellationToken ct)
    {
        ct.Register(_abandon.Cancel);
        List<Task> tasks = [.. Writers.Select(writer => RunAsync(writer, seed))];
        _work = Task.WhenAll(tasks);
        Failure = FirstFailureAsync(tasks);
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
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var writer in Writers)
            await writer.DisposeAsync();
        _stop.Dispose();
        _abandon.Dispose();
    }

    async Task RunAsync(Writer writer, int seed)
    {
        try
        {
            await writer.RunAsync(seed, _stop.Token, _abandon.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Errors.WriterFailed(writer.Name, failure);
        }
    }

    static async Task FirstFailureAsync(List<Task> tasks)
    {
        await foreach (var ended in Task.WhenEach(tasks))
            await ended;
    }
}

using System.Runtime.ExceptionServices;

namespace PgBaton.Copy;

/// <summary>Work side by side of which one failure ends all.</summary>
static class Together
{
    /// <summary>
    /// Ends when every one has ended; fails as the first of them failed. The others' failures are only that they were told to stop, which a
    /// broken connection may hide.
    /// </summary>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> works, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        ExceptionDispatchInfo? first = null;
        await Task.WhenAll(works.Select(RunOneAsync));
        ct.ThrowIfCancellationRequested();
        first?.Throw();

        async Task RunOneAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await Task.Yield();
                await work(stop.Token);
            }
#pragma warning disable CA1031 // It is thrown again as soon as the others have stopped.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(failure), null);
                await stop.CancelAsync();
            }
        }
    }
}

namespace PgBaton;

static class Cancellation
{
    /// <summary>Ends what it cancels and returns once that has ended, however.</summary>
    public static async Task EndAsync(this CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using PgBaton.Cli.Demo.Writers;

namespace PgBaton.Cli.Demo;

/// <summary>
/// The migration itself, as an operator would run it: the engine in one place, words from another, and the application's connection string
/// switched when the target is open.
/// </summary>
sealed class Handover(CommandRun run, MigrationOptions options, Crowd writers, Action switchWriters)
{
    static readonly TimeSpan _onTheTarget = TimeSpan.FromSeconds(5);

    readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Recorder Recorder { get; } = new(run.Time);

    /// <param name="compareAsync">What to do while the source is closed, the way back exists and the writers go on.</param>
    /// <param name="ct">Leaves everything as it is.</param>
    public async Task RunAsync(Func<Task> compareAsync, CancellationToken ct)
    {
        await using var migration = Migration.Open(options);
        migration.Happened += Recorder.See;
        migration.Happened += React;
        await run.WatchAsync(migration, "two throwaway servers", async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var engine = migration.RunAsync(Goal.Finished, stop.Token);
            try
            {
                await UntilAsync(_inSync.Task, engine, ct);
                await UntilAsync(SayAsync("verify", ct), engine, ct);
                await UntilAsync(SayAsync("cutover", ct), engine, ct);
                await UntilAsync(_opened.Task, engine, ct);
                migration.Report(new Notice("the writers write to the target; meanwhile the demo compares every row as of the switch"));
                await UntilAsync(Task.WhenAll(compareAsync(), Task.Delay(_onTheTarget, run.Time, ct)), engine, ct);
                await BeforeAsync(Task.WhenAll(SayAsync("finish", ct), engine), writers.Failure, ct);
                await writers.StopAsync();
            }
            finally
            {
                await stop.CancelAsync();
                await engine.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return true;
        });
    }

    // Called by the engine while it waits: nobody writes anywhere until the switch.
    void React(MigrationEvent happened)
    {
        if (happened is InSync)
            _inSync.TrySetResult();
        if (happened is not TargetOpened)
            return;
        try
        {
            switchWriters();
            _opened.TrySetResult();
        }
#pragma warning disable CA1031 // Not the engine's failure; whoever waits for the switch gets it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _opened.TrySetException(failure);
        }
    }

    async Task SayAsync(string word, CancellationToken ct)
    {
        await using var operating = Migration.Open(options);
        CommandRun.Answer(await operating.SayAsync(word, new WordArguments(), ct));
    }

    // Neither the engine nor a writer may end before.
    Task UntilAsync(Task awaited, Task engine, CancellationToken ct) => BeforeAsync(awaited, Task.WhenAny(engine, writers.Failure).Unwrap(), ct);

    static async Task BeforeAsync(Task awaited, Task other, CancellationToken ct)
    {
        var ended = await Task.WhenAny(awaited, other).WaitAsync(ct);
        await ended; // With its failure, if it has one.
        if (ended != awaited)
            throw new InvalidOperationException("the migration or a writer ended too early");
    }
}

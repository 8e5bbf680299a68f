using System.Diagnostics;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>SIGTERM, SIGSTOP, SIGCONT.</summary>
public sealed class SignalTests
{
    const string EndLock = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbaton/engine' AND datname = current_database()";

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Steps => Shard.Of(Migration.Steps.Select(step => step.Name));

    /// <summary>Where a former engine would like to go on writing, each before the command.</summary>
    public static TheoryData<string> Sleeping => Shard.Of((string[])
    [
        "slot: slot recorded", "pre-data: objects committed", "copy: part's end noted", "copy: part committed", "follow: batch half applied",
        "follow: position moved", "follow: batch committed", "sequences: sequences committed", "open: source's gate closed", "open: decision",
        "open: target opened",
    ]);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task ends_within_five_seconds_of_SIGTERM(string step)
    {
        await using var scene = await Scene.StartAsync($"TERM in {step}");
        var attending = new Operator(scene);
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));

        var told = Stopwatch.GetTimestamp();
        await engine.SignalAsync("TERM");
        await attending.AttendAsync(engine);
        var (exitCode, errors) = await engine.EndAsync();
        var took = Stopwatch.GetElapsedTime(told);
        Assert.True(took < _patience, $"took {took.TotalSeconds:0.0} s");
        Assert.True(exitCode == 143, $"{exitCode}: {errors}");

        if (!await scene.IsOverAsync())
            await scene.RunUntilOverAsync(attending);
        await scene.ProveHandedOverAsync("SIGTERM", $"{step}: begun");
    }

    // The operator ends the sleeper's session, because its lock would last as long as its connection.
    [Theory]
    [MemberData(nameof(Sleeping))]
    public async Task a_process_that_slept_while_another_took_over_writes_nothing(string place)
    {
        await using var scene = await Scene.StartAsync($"STOP at {place}");
        var wakeUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await TakeOverAsync(scene, place, wakeUp);
        }
        finally
        {
            wakeUp.TrySetResult(); // A command that is held for ever would keep the scene from ending.
        }

        await scene.ProveHandedOverAsync("SIGSTOP, another takes over, SIGCONT", place);
    }

    [Fact]
    public async Task a_process_that_slept_while_another_aborted_begins_nothing_anew()
    {
        await using var scene = await Scene.StartAsync("STOP, another aborts");
        var former = scene.StartEngine();
        Assert.True(await new Operator(scene) { StaysInSync = true }.AttendAsync(former, happened => EngineProcess.Is(happened, "in_sync")));
        await former.SignalAsync("STOP");
        await scene.Target.ExecuteAsync(EndLock);
        var (exitCode, errors) = await scene.CommandAsync("abort", "--yes");
        Assert.True(exitCode == 0, errors);

        await former.SignalAsync("CONT");
        (exitCode, errors) = await former.EndAsync();
        Assert.True(exitCode == 5 && errors.Contains("PB0214", StringComparison.Ordinal), $"{exitCode}: {errors}");
        await scene.ProveAbortedAsync("SIGSTOP, another aborts, SIGCONT", "follow", "as before");
    }

    static async Task TakeOverAsync(Scene scene, string place, TaskCompletionSource wakeUp)
    {
        var asleep = scene.At(Places.Of(place), Moment.Before, async _ =>
        {
            await scene.NewestEngine.SignalAsync("STOP");
            await wakeUp.Task; // The command goes on its way when the sleeper wakes up: the server gets it from an engine of the past.
        });
        var former = scene.StartEngine();
        var attendingFormer = new Operator(scene);
        var heard = attendingFormer.AttendAsync(former);
        await WaitForStopAsync(scene, asleep, former);
        await scene.Target.ExecuteAsync(EndLock);

        var attending = new Operator(scene);
        var next = scene.StartEngine();
        var isInSync = await attending.AttendAsync(next, happened => EngineProcess.Is(happened, "in_sync")); // Or over: behind the decision.
        wakeUp.SetResult();
        await former.SignalAsync("CONT");
        await heard;
        var (formerCode, formerErrors) = await former.EndAsync();
        Assert.True(formerCode is 1 or 5, $"the sleeper ended with {formerCode}: {formerErrors}");

        var (exitCode, errors) = isInSync ? await attending.FinishAsync(next) : await next.EndAsync();
        Assert.True(isInSync == (place != "open: target opened"), errors);
        Assert.True(exitCode == 0 || (isInSync && exitCode == 1), errors);
        if (!await scene.IsOverAsync())
            await scene.RunUntilOverAsync(attending);
    }

    static async Task WaitForStopAsync(Scene scene, Trigger asleep, EngineProcess former)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await IsStoppedAsync(former))
        {
            Assert.False(former.HasExited, "ended before it could be stopped");
            Assert.False(asleep.Reached.IsCompleted);
            await Task.Delay(20, patience.Token);
        }
    }

    static async Task<bool> IsStoppedAsync(EngineProcess process)
        => !process.HasExited && (await File.ReadAllTextAsync($"/proc/{process.Id}/stat")).Split(") ")[^1].StartsWith('T');
}

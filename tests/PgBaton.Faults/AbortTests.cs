using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>Killed in a step, then aborted: both servers are as before.</summary>
public sealed class AbortTests
{
    /// <summary>Those before the decision.</summary>
    public static TheoryData<string> Steps => Shard.Of(Migration.Steps.TakeWhile(step => step.Name != "open").Select(step => step.Name));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task aborted_after_a_kill_in(string step)
    {
        await using var scene = await Scene.StartAsync($"abort {step}");
        var attending = new Operator(scene);
        var engine = scene.StartEngine();
        // At the latest: what is on its way reaches the server although its sender is dead, and behind the decision, the next command, there is nothing to abort.
        scene.At(Places.Of("open: source's gate closed"), Moment.Before, _ => engine.KillAsync());
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        await Task.Delay(scene.Random.Next(300));
        await engine.KillAsync();
        await attending.AttendAsync(engine);
        await scene.AbortAsync("kill, then abort", $"{step}: begun", "as before");
    }
}

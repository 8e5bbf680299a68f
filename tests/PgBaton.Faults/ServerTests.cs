using System.Diagnostics;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>A server crashes, or is restarted.</summary>
public sealed class ServerTests
{
    public static TheoryData<string, string> Steps
        => [.. from step in Migration.Steps from side in new[] { "source", "target" } select (step.Name, side)];

    /// <summary>Where a crash leaves most in doubt: carried out, or just about to be.</summary>
    public static TheoryData<string, string> Doubtful
        => [.. from place in (string[])
               [
                   "slot: slot", "slot: slot recorded", "pre-data: objects committed", "copy: part committed", "copy: everything flushed", "follow: batch committed",
                   "fence: fence", "sequences: sequences committed", "open: decision", "open: target opened", "clean: slot dropped",
               ]
               from moment in new[] { "before", "after" }
               select (place, moment)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task crash_in(string step, string side)
    {
        await using var scene = await Scene.StartAsync($"crash of the {side} in {step}");
        var attending = new Operator(scene);
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        var running = attending.AttendAsync(engine);
        await Task.Delay(scene.Random.Next(200));
        await scene.CrashAsync(Server(scene, side));
        await running;
        await NetworkTests.EndAsync(scene, attending, engine, $"crash of the {side}", $"{step}: begun");
    }

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task crash_at(string place, string moment)
    {
        await using var scene = await Scene.StartAsync($"crash {moment} {place}");
        var where = Places.Of(place);
        var crashed = scene.At(where, moment == "before" ? Moment.Before : Moment.After, _ => scene.CrashAsync(Server(scene, where.Side)));
        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        Assert.True(crashed.Reached.IsCompleted, $"no \"{place}\" in the whole run");
        await scene.ProveHandedOverAsync($"crash of the {where.Side} {moment}", place + NetworkTests.Runs(runs));
    }

    [Fact]
    public async Task a_fast_shutdown_of_the_source_does_not_wait_for_us()
    {
        await using var scene = await Scene.StartAsync("fast shutdown");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        var running = attending.AttendAsync(engine);

        var told = Stopwatch.GetTimestamp();
        using (scene.Probe.Announce())
        {
            await scene.SourceServer.StopAsync("fast");
            Assert.True(Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(10), $"took {Stopwatch.GetElapsedTime(told).TotalSeconds:0.0} s");
            await scene.SourceServer.StartAsync();
            await scene.ApplicationGoesOnAsync();
        }

        attending.StaysInSync = false;
        await running;
        await NetworkTests.EndAsync(scene, attending, engine, "fast shutdown of the source", "follow");
    }

    static OwnServer Server(Scene scene, string side) => side == "source" ? scene.SourceServer : scene.TargetServer;
}

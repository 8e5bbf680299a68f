using System.Diagnostics;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>Between fence and decision nobody can write: whatever happens there, the source's writers go on at once.</summary>
public sealed class FencePointTests
{
    const int MostRuns = 150;
    const double HostLostBudget = 3;

    static readonly TimeSpan _writable = TimeSpan.FromSeconds(2);

    // After a second without a word the source asks, each second once more, three times.
    static readonly TimeSpan _keepalives = TimeSpan.FromSeconds(4);

    [Fact]
    public Task a_connection_that_is_reset_before_any_command()
        => EverywhereAsync("connection reset", Moment.Before, (_, link, _) => link.ResetAsync(), stride: 4, _writable);

    [Fact]
    public Task a_connection_that_is_reset_before_any_answer()
        => EverywhereAsync("answer lost", Moment.After, (_, link, _) => link.ResetAsync(), stride: 4, _writable);

    [Fact]
    public Task a_command_that_fails_anywhere()
        => EverywhereAsync("error of a server", Moment.Instead, (_, _, _) => Task.CompletedTask, stride: 4, _writable, [5]);

    // The fence is the relay's own affair; an attempt that was in vain gives the changes back to the servers.
    [Fact]
    public Task a_connection_that_is_reset_where_the_servers_carry_the_changes()
        => EverywhereAsync("answer lost, via subscription", Moment.After, (_, link, _) => link.ResetAsync(), stride: 12, _writable, bySubscription: true);

    [Fact]
    public Task killed_anywhere()
        => EverywhereAsync("kill -9", Moment.Before, KillAsync, stride: 6, _writable, [137]);

    // Nobody tells the source that its client is gone: its own limit, which is the budget, ends the session; in the middle of a command, its keepalives.
    [Fact]
    public Task the_engines_host_is_lost_anywhere()
        => EverywhereAsync("host lost", Moment.Before, LoseHostAsync, stride: 16, _keepalives + TimeSpan.FromSeconds(1), [137]);

    [Fact]
    [Trait("Length", "Short")]
    public Task a_connection_that_is_reset_at_some_commands()
        => EverywhereAsync("short: answer lost", Moment.After, (_, link, _) => link.ResetAsync(), stride: 16, _writable);

    [Fact]
    public async Task a_used_up_budget_is_told_when_the_writers_go_on()
    {
        await using var scene = await Scene.StartAsync("budget");
        scene.MaxDowntimeSeconds = 1;
        var attending = new Operator(scene);
        var (fenced, writable) = (0L, Task.CompletedTask);
        scene.At(Places.Of("fence: fence"), Moment.After, _ =>
        {
            fenced = Stopwatch.GetTimestamp();
            writable = Task.WhenAny(scene.Clients.Select(client => client.AdvanceAsync(1)));
            scene.TargetWire.Weather.Where = link => link.Session == "pgbaton/relay";
            scene.TargetWire.Weather.StartBlackHole(Flow.Both); // The marker cannot be applied.
            return Task.CompletedTask;
        });
        var engine = scene.StartEngine();
        var waited = 0.0;
        Assert.True(await attending.AttendAsync(engine, happened =>
        {
            if (!EngineProcess.Is(happened, "fence_lifted"))
                return false;
            waited = happened.GetProperty("seconds").GetDouble();
            return true;
        }));
        var told = Stopwatch.GetTimestamp();
        await writable;
        var late = Stopwatch.GetElapsedTime(told); // Of a writer, which rests between two commits.
        scene.TargetWire.Weather.EndBlackHole();

        Assert.True(late < TimeSpan.FromSeconds(0.5), $"told {late.TotalSeconds:0.0} s before anybody could write");
        Assert.InRange(waited, 0.9, 2);
        Assert.InRange(Stopwatch.GetElapsedTime(fenced, told).TotalSeconds, 0.5, 2.5);
        scene.MaxDowntimeSeconds = 60;
        await NetworkTests.EndAsync(scene, attending, engine, "budget used up", $"told after {waited:0.00} s of 1 s");
    }

    static async Task EverywhereAsync(
        string group, Moment moment, Func<Scene, Link, Func<Task>, Task> act, int stride, TimeSpan limit, int[]? expected = null, bool bySubscription = false)
    {
        await using var scene = await Scene.StartAsync($"between fence and decision: {group}");
        scene.MaxDowntimeSeconds = group == "host lost" ? HostLostBudget : 30;
        var points = new FencePoints(scene, moment, (link, writable) => act(scene, link, writable), stride);
        var attending = new Operator(scene) { WaitsForServers = bySubscription };
        for (var run = 1; !await scene.IsOverAsync(); run++)
        {
            Assert.True(run <= MostRuns, $"not over after {MostRuns} runs");
            var (exitCode, errors) = await attending.FinishAsync(scene.StartEngine(bySubscription ? ["--via", "subscription"] : []));
            Assert.True(exitCode is 0 or 1 || expected?.Contains(exitCode) == true, $"run {run} ended with {exitCode}: {errors}");
        }

        await points.AllMeasured;
        Assert.True(points.Places.Count >= 40 / stride, $"only {string.Join(Environment.NewLine, points.Places)}"); // More while there is a backlog.
        Assert.True(points.Longest < limit, $"the source could not be written for {points.Longest.TotalSeconds:0.0} s after {points.LongestAt}");
        await scene.ProveHandedOverAsync(
            $"{group} between fence and decision",
            $"every {stride}th command ({points.Places.Count} of them; written again after at most {points.Longest.TotalSeconds:0.00} s)");
    }

    static async Task KillAsync(Scene scene, Link link, Func<Task> writable)
    {
        await scene.NewestEngine.KillAsync();
        await link.CloseAsync();
    }

    static async Task LoseHostAsync(Scene scene, Link link, Func<Task> writable)
    {
        using var announced = scene.Probe.Announce(); // Nobody lifts this fence at once.
        foreach (var wire in scene.Wires)
            wire.Weather.StartBlackHole(Flow.Both);
        await scene.NewestEngine.KillAsync();
        await Task.WhenAny(writable(), Task.Delay(_keepalives));
        foreach (var wire in scene.Wires)
            wire.Weather.EndBlackHole();
        await link.CloseAsync();
        await writable();
    }
}

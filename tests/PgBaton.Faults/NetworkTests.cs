using System.Text.Json;
using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>What happens between pgbaton and the servers. It recovers by itself, or says "failed for now" and goes on when run again.</summary>
public sealed class NetworkTests
{
    static readonly TimeSpan _distance = TimeSpan.FromMilliseconds(30);

    public static TheoryData<string> Steps => Shard.Of(Migration.Steps.Select(step => step.Name));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task every_connection_reset_in(string step)
    {
        await using var scene = await Scene.StartAsync($"all reset in {step}");
        var attending = new Operator(scene);
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        await Task.Delay(scene.Random.Next(300));
        foreach (var wire in scene.Wires)
            await wire.ResetAsync(_ => true);
        await EndAsync(scene, attending, engine, "all connections reset", $"{step}: begun");
    }

    [Theory]
    [InlineData("source", "relay", 1), InlineData("source", "relay", 2), InlineData("source", "relay", 3), InlineData("source", "relay", 4)]
    [InlineData("target", "relay", 1), InlineData("target", "relay", 2), InlineData("target", "copy", 1), InlineData("target", "copy", 2)]
    [InlineData("source", "copy", 1), InlineData("source", "copy", 2), InlineData("source", "pre-data", 1), InlineData("target", "engine", 1)]
    public async Task cut_after_some_bytes(string side, string session, int number)
    {
        await using var scene = await Scene.StartAsync($"cut {side} {session} {number}");
        // What carries rows: from the source to us, from us to the target.
        var direction = side == "source" ? Flow.ToClient : Flow.ToServer;
        var bytes = scene.Random.Next(500, session == "copy" ? 120_000 : 20_000);
        var cut = Wire(scene, side).CutAfter(bytes, direction, link => link.Session == $"pgbaton/{session}" && (link.IsReplication || side == "target" || session != "relay"));
        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        Assert.True(cut.IsCompleted, $"less than {bytes} bytes in the whole run");
        await scene.ProveHandedOverAsync("cut in the middle", $"{session} on the {side}, {bytes} bytes{Runs(runs)}");
    }

    [Theory]
    [InlineData("source", "relay", Flow.Both), InlineData("source", "relay", Flow.ToClient), InlineData("source", "relay", Flow.ToServer)]
    [InlineData("target", "relay", Flow.Both), InlineData("target", "relay", Flow.ToClient)]
    [InlineData("target", "engine", Flow.Both), InlineData("source", "", Flow.Both), InlineData("target", "", Flow.Both)]
    public async Task nothing_arrives_for_five_seconds(string side, string session, Flow direction)
    {
        await using var scene = await Scene.StartAsync($"hole {side} {session} {direction}");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        var weather = Wire(scene, side).Weather;
        weather.Where = link => session.Length == 0 || link.Session == $"pgbaton/{session}";
        weather.StartBlackHole(direction);
        await Task.Delay(5000);
        weather.EndBlackHole();
        attending.StaysInSync = false;
        await EndAsync(scene, attending, engine, "black hole of 5 s", $"{(session.Length > 0 ? session : "everything")} on the {side}, {direction}");
    }

    // Noticed within two minutes, and then tried again and again, aloud.
    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task nothing_arrives_for_ever(string side)
    {
        await using var scene = await Scene.StartAsync($"hole for ever {side}");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        Wire(scene, side).Weather.StartBlackHole(Flow.Both);
        var noticed = attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "retry"));
        Assert.True(await Task.WhenAny(noticed, Task.Delay(TimeSpan.FromMinutes(2))) == noticed, "nobody noticed");
        Assert.True(await noticed, $"not tried again, but ended: {(engine.HasExited ? (await engine.EndAsync()).Errors : "")}");
        Wire(scene, side).Weather.EndBlackHole();
        attending.StaysInSync = false;
        await EndAsync(scene, attending, engine, "black hole for ever", $"everything on the {side}");
    }

    [Theory]
    [InlineData("latency 5 ms, jitter 10 ms")]
    [InlineData("one-byte segments")]
    [InlineData("300 kB/s")]
    public async Task bad_weather(string weather)
    {
        await using var scene = await Scene.StartAsync(weather);
        foreach (var wire in scene.Wires)
        {
            (wire.Weather.Latency, wire.Weather.Jitter) = weather.StartsWith("latency", StringComparison.Ordinal)
                ? (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(10)) : default;
            wire.Weather.OneByteSegments = weather == "one-byte segments";
            wire.Weather.Where = weather == "one-byte segments" ? link => link.Session is "pgbaton/relay" : _ => true;
            wire.Weather.BytesPerSecond = weather == "300 kB/s" ? 300_000 : 0;
        }

        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        await scene.ProveHandedOverAsync("bad weather", weather + Runs(runs));
    }

    // Sessions are opened before the fence; what is left of round trips is what is said inside it.
    [Fact]
    public async Task at_a_distance_writers_wait_for_round_trips_and_for_no_connection()
    {
        await using var scene = await Scene.StartAsync("distance");
        foreach (var wire in scene.Wires)
            wire.Weather.Latency = _distance / 2;
        var attending = new Operator(scene);
        await scene.RunUntilOverAsync(attending);
        await WireLog.WriteAsync(scene.Wires);
        var opened = attending.Heard.ConvertAll(line => JsonDocument.Parse(line).RootElement).Find(happened => EngineProcess.Is(happened, "target_opened"));
        var roundTrips = opened.GetProperty("downtime_seconds").GetDouble() / _distance.TotalSeconds;
        await scene.ProveHandedOverAsync("bad weather", $"a round trip takes {_distance.TotalMilliseconds} ms: writers waited for {roundTrips:0} of them");
        Assert.InRange(roundTrips, 0, 190);
    }

    [Fact]
    public async Task every_connection_reset_every_three_seconds()
    {
        await using var scene = await Scene.StartAsync("flap");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        var running = attending.AttendAsync(engine);
        for (var i = 0; i < 5 && !running.IsCompleted; i++)
        {
            await Task.WhenAny(running, Task.Delay(3000));
            foreach (var wire in scene.Wires)
                await wire.ResetAsync(_ => true);
        }

        attending.StaysInSync = false;
        await running;
        if (!await scene.IsOverAsync())
            await scene.RunUntilOverAsync(attending);
        await scene.ProveHandedOverAsync("all connections reset", "every three seconds");
    }

    internal static FaultProxy Wire(Scene scene, string side) => side == "source" ? scene.SourceWire : scene.TargetWire;

    internal static string Runs(int runs) => runs == 1 ? "" : $" ({runs} runs)";

    internal static async Task EndAsync(Scene scene, Operator attending, EngineProcess engine, string group, string place)
    {
        var (exitCode, errors) = await attending.FinishAsync(engine);
        Assert.True(exitCode is 0 or 1, $"ended with {exitCode}: {errors}");
        var runs = 1;
        if (!await scene.IsOverAsync())
            runs += await scene.RunUntilOverAsync(attending);
        await scene.ProveHandedOverAsync(group, place + Runs(runs));
    }
}

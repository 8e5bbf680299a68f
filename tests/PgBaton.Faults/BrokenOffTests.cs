using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>What is told to stop stops, whatever the network does with what it sends.</summary>
public sealed class BrokenOffTests
{
    [Fact]
    public async Task a_copy_whose_rows_go_nowhere_is_paused_and_goes_on()
    {
        await using var scene = await Scene.StartAsync("black hole in the rows of a part, then pause");
        scene.TargetWire.Weather.Where = link => link.Session == "pgbaton/copy";
        var place = new Place("copy", "rows of \"public\".\"churn\"", "target", "copy", "COPY \"public\".\"churn\"");
        var hole = scene.At(place, Moment.Within, _ => StartAsync(), bytes: 200_000);
        var engine = scene.StartEngine();
        await hole.Reached;
        await scene.SayAsync("pause");
        await scene.Target.WaitForAsync("SELECT EXISTS (SELECT FROM pgbaton.fact WHERE key = 'paused')");

        scene.TargetWire.Weather.EndBlackHole();
        await scene.SayAsync("resume");
        var (exitCode, errors) = await new Operator(scene).FinishAsync(engine);
        Assert.True(exitCode == 0, errors);
        await scene.ProveHandedOverAsync("black hole, then pause", place.ToString());

        Task StartAsync()
        {
            scene.TargetWire.Weather.StartBlackHole(Flow.Both);
            return Task.CompletedTask;
        }
    }
}

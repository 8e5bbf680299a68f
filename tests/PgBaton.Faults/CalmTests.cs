using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>Without a fault: what the others are compared with.</summary>
[Trait("Length", "Short")]
public sealed class CalmTests
{
    [Fact]
    public async Task nothing_happens()
    {
        await using var scene = await Scene.StartAsync("nothing");
        var (exitCode, errors) = await new Operator(scene).FinishAsync(scene.StartEngine());
        await WireLog.WriteAsync(scene.Wires);
        Assert.True(exitCode == 0, errors);
        await scene.ProveHandedOverAsync("nothing", "nowhere");
        Assert.True(scene.Watch.Looks > 0);
    }
}

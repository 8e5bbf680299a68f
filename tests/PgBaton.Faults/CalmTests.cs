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
        // For whoever looks for places: every command of a whole migration.
        if (Environment.GetEnvironmentVariable("PGBATON_WIRE") is { Length: > 0 } file)
            await File.WriteAllLinesAsync(file, scene.Wires.SelectMany(wire => wire.Seen).Select(command => command.ToString()));
        Assert.True(exitCode == 0, errors);
        await scene.ProveHandedOverAsync("nothing", "nowhere");
        Assert.True(scene.Watch.Looks > 0);
    }
}

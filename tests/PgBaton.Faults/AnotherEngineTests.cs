namespace PgBaton.Faults;

/// <summary>The same command on a second machine, while the first one runs.</summary>
public sealed class AnotherEngineTests
{
    public static TheoryData<string> Steps => Shard.Of((string[])["copy", "follow"]);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task a_second_migrate_is_refused_and_disturbs_nothing(string step)
    {
        await using var scene = await Scene.StartAsync($"second engine in {step}");
        var attending = new Operator(scene);
        var first = scene.StartEngine();
        Assert.True(await attending.AttendAsync(first, happened => EngineProcess.IsStepStarted(happened, step)));

        var (exitCode, errors) = await scene.CommandAsync("migrate");
        Assert.True(exitCode == 1, $"{exitCode}: {errors}");
        Assert.Contains("PB0204", errors, StringComparison.Ordinal);

        (exitCode, errors) = await attending.FinishAsync(first);
        Assert.True(exitCode == 0, errors);
        await scene.ProveHandedOverAsync("second migrate", $"{step}: begun");
    }
}

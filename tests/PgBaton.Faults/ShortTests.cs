using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>What every test run does of it: the places where a mistake would cost most, and some that the seed picks.</summary>
[Trait("Length", "Short")]
public sealed class ShortTests
{
    [Theory]
    [InlineData("copy: part committed")]
    [InlineData("follow: batch committed")]
    public Task killed_after(string place) => Killing.RunAsync("short: kill after, twice", Places.Of(place), Moment.After, times: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task killed_somewhere(int number)
        => Killing.RunAsync($"short: kill before, place {number}", Places.All[Seed.Of($"place {number}") % Places.All.Count], Moment.Before, times: 1);
}

/// <summary>Beside the others, because they take longest.</summary>
[Trait("Length", "Short")]
public sealed class ShortDecisionTests
{
    [Fact]
    public Task killed_after_the_decision() => Killing.RunAsync("short: kill after, twice", Places.Of("open: decision"), Moment.After, times: 2);
}

/// <inheritdoc cref="ShortDecisionTests"/>
[Trait("Length", "Short")]
public sealed class ShortCrashTests
{
    [Fact]
    public async Task the_target_crashes_at_a_commit()
    {
        await using var scene = await Scene.StartAsync("short crash");
        var crashed = scene.At(Places.Of("follow: batch committed"), Moment.After, _ => scene.CrashAsync(scene.TargetServer));
        await scene.RunUntilOverAsync(new Operator(scene));
        Assert.True(crashed.Reached.IsCompleted);
        await scene.ProveHandedOverAsync("short: crash of the target after", "follow: batch committed");
    }
}

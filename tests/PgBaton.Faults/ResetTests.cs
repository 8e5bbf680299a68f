using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>A connection is reset at every place: the command was carried out and nobody knows. The journal must be asked before anything else.</summary>
public sealed class ResetTests
{
    public static TheoryData<string> Third => Places.EveryThird;

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Third))]
    public async Task reset_before_the_answer_of(string place)
    {
        await using var scene = await Scene.StartAsync($"reset after {place}");
        var reset = scene.At(Places.Of(place), Moment.After, link => link.ResetAsync());
        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        Assert.True(reset.Reached.IsCompleted, $"no \"{place}\" in the whole run");
        await scene.ProveHandedOverAsync("connection reset before the answer", Places.Of(place) + NetworkTests.Runs(runs));
    }
}

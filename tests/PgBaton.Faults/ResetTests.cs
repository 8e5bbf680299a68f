using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>A connection is reset at every place: the command was carried out and nobody knows. The journal must be asked before anything else.</summary>
public abstract class ResetTests
{
    private protected static async Task ResetBeforeTheAnswerAsync(string place)
    {
        await using var scene = await Scene.StartAsync($"reset after {place}");
        var reset = scene.At(Places.Of(place), Moment.After, link => link.ResetAsync());
        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        Assert.True(reset.Reached.IsCompleted, $"no \"{place}\" in the whole run");
        await scene.ProveHandedOverAsync("connection reset before the answer", Places.Of(place) + NetworkTests.Runs(runs));
    }
}

/// <inheritdoc/>
public sealed class ResetAtEvenPlacesTests : ResetTests
{
    public static TheoryData<string> Half => Places.EverySecond(0);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task reset_before_the_answer_of(string place) => ResetBeforeTheAnswerAsync(place);
}

/// <inheritdoc/>
public sealed class ResetAtOddPlacesTests : ResetTests
{
    public static TheoryData<string> Half => Places.EverySecond(1);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task reset_before_the_answer_of(string place) => ResetBeforeTheAnswerAsync(place);
}

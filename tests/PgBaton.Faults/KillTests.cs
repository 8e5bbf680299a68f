using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>
/// The matrix: at every place, killed before and again there while resuming, and after and again; once only, before in some runs and after in others, since
/// whoever is killed twice has been killed once. Classes run beside each other, so there are many.
/// </summary>
public abstract class KillTests
{
    private protected static Task KilledOnceAsync(string place)
        => Seed.Of($"once {place}") % 2 == 0
            ? Killing.RunAsync("kill before", Places.Of(place), Moment.Before, times: 1)
            : Killing.RunAsync("kill after", Places.Of(place), Moment.After, times: 1);
}

/// <inheritdoc/>
public sealed class KilledOnceAtEvenPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(0);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_once(string place) => KilledOnceAsync(place);
}

/// <inheritdoc/>
public sealed class KilledOnceAtOddPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(1);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_once(string place) => KilledOnceAsync(place);
}

/// <inheritdoc/>
public sealed class KilledAgainBeforeEvenPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(0);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_before_and_again_while_resuming(string place) => Killing.RunAsync("kill before, twice", Places.Of(place), Moment.Before, times: 2);
}

/// <inheritdoc/>
public sealed class KilledAgainBeforeOddPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(1);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_before_and_again_while_resuming(string place) => Killing.RunAsync("kill before, twice", Places.Of(place), Moment.Before, times: 2);
}

/// <inheritdoc/>
public sealed class KilledAgainAfterEvenPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(0);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_after_and_again_while_resuming(string place) => Killing.RunAsync("kill after, twice", Places.Of(place), Moment.After, times: 2);
}

/// <inheritdoc/>
public sealed class KilledAgainAfterOddPlacesTests : KillTests
{
    public static TheoryData<string> Half => Places.EverySecond(1);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Half))]
    public Task killed_after_and_again_while_resuming(string place) => Killing.RunAsync("kill after, twice", Places.Of(place), Moment.After, times: 2);
}

/// <inheritdoc/>
public sealed class KilledWithinTests
{
    [Theory(SkipTestWithoutData = true)]
    [InlineData("\"public\".\"big\"", 0)]
    [InlineData("\"public\".\"big\"", 150_000)]
    [InlineData("\"public\".\"churn\"", 200_000)]
    [InlineData("\"public\".\"entry\"", 0)]
    public Task killed_within_the_rows_of_a_part(string table, int bytes)
        => Killing.RunAsync(
            $"kill after {bytes} bytes", new Place("copy", $"rows of {table}", "target", "copy", $"COPY {table}"), Moment.Within, times: 2, bytes);
}

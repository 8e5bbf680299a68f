using PgBaton.Cli.Views;

namespace PgBaton.Tests.Cli;

public sealed class PaceTests
{
    static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static DateTimeOffset At(double seconds) => _start.AddSeconds(seconds);

    [Fact]
    public void nothing_is_known_before_there_are_two_moments()
    {
        var pace = new Pace();
        Assert.Null(pace.PerSecond(At(0)));
        pace.Add(At(0), 0);
        Assert.Null(pace.PerSecond(At(1)));
        Assert.Null(pace.Remaining(100, At(1)));
    }

    [Fact]
    public void a_steady_growth_has_its_rate_and_its_end()
    {
        var pace = new Pace();
        for (var second = 0; second <= 60; second++)
            pace.Add(At(second), second * 100);

        Assert.Equal(100, pace.PerSecond(At(60))!.Value, 3);
        Assert.Equal(40, pace.Remaining(10_000, At(60))!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void only_the_last_seconds_count()
    {
        var pace = new Pace();
        pace.Add(At(0), 0);
        pace.Add(At(1), 1_000_000);
        for (var second = 2; second <= 30; second++)
            pace.Add(At(second), 1_000_000 + (second * 10));

        Assert.Equal(10, pace.PerSecond(At(30))!.Value, 3);
    }

    [Fact]
    public void what_stands_still_has_no_end()
    {
        var pace = new Pace();
        pace.Add(At(0), 0);
        pace.Add(At(5), 500);

        Assert.Equal(0, pace.PerSecond(At(60)));
        Assert.Null(pace.Remaining(1000, At(60)));
    }

    [Fact]
    public void a_smaller_number_is_a_new_beginning()
    {
        var pace = new Pace();
        pace.Add(At(0), 0);
        pace.Add(At(5), 5000);
        pace.Add(At(6), 10);
        pace.Add(At(8), 30);

        Assert.Equal(10, pace.PerSecond(At(8))!.Value, 3);
    }

    [Fact]
    public void what_is_done_takes_no_time()
    {
        var pace = new Pace();
        pace.Add(At(0), 100);

        Assert.Equal(TimeSpan.Zero, pace.Remaining(100, At(0)));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1023, "1.0 kB")]
    [InlineData(1536, "1.5 kB")]
    [InlineData(150 * 1024, "150 kB")]
    [InlineData(1024 * 1024, "1.0 MB")]
    [InlineData(5.5 * 1024 * 1024 * 1024, "5.5 GB")]
    public void bytes_have_at_most_four_digits(double bytes, string text) => Assert.Equal(text, Say.Bytes(bytes));

    [Theory]
    [InlineData(0.123, "0.12 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(245, "4:05")]
    [InlineData(3723, "1:02:03")]
    [InlineData(183_600, "2 d 3 h")]
    public void durations_are_short(double seconds, string text) => Assert.Equal(text, Say.Duration(seconds));

    [Theory]
    [InlineData("public.orders", 20, "public.orders")]
    [InlineData("public.a_very_long_name_indeed", 15, "public.…_indeed")]
    public void names_are_cut_in_the_middle(string name, int width, string text) => Assert.Equal(text, Say.Fit(name, width));
}

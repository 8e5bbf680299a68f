using PgBaton.Cli.Views;
using Spectre.Console;

namespace PgBaton.Tests.Cli;

public sealed class ScreenTests
{
    static readonly DateTimeOffset _start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static Picture Copying()
    {
        var picture = new Picture();
        picture.See(_start, new StepStarted("check", "ask"));
        picture.See(_start, new StepDone("check", 0.8));
        picture.See(_start, new StepStarted("copy", "copy every table"));
        for (var second = 0; second <= 4; second++)
        {
            picture.See(_start.AddSeconds(second), new CopyProgress("\"public\".\"orders\"", second * 10_000_000, 100_000_000));
            picture.See(_start.AddSeconds(second), new CopyProgress("\"public\".\"a [red]\nname[/]\"", second * 1_000_000, 4_000_000));
        }

        picture.See(_start.AddSeconds(4), new TableCopied("\"public\".\"a [red]\nname[/]\"", 12, 3_900_000, "0/1"));
        picture.See(_start.AddSeconds(4), new LagMeasured(1 << 20, 2.5, "0/2", 1234, 5678, 100));
        picture.See(_start.AddSeconds(5), new LagMeasured(1 << 10, 0.1, "0/3", 1300, 6000, 110));
        picture.See(_start.AddSeconds(5), new Notice("a name with [brackets] and\na line break"));
        return picture;
    }

    static string[] Plain(Picture picture, int width, int height, bool unicode = true)
        => [.. LiveScreen.Render(picture, "pgbaton", _start.AddSeconds(5), width, height, unicode).Select(Markup.Remove)];

    [Theory]
    [InlineData(200, 60)]
    [InlineData(100, 30)]
    [InlineData(80, 24)]
    [InlineData(40, 20)]
    [InlineData(20, 10)]
    public void the_screen_fits_its_terminal(int width, int height)
    {
        var lines = Plain(Copying(), width, height);

        Assert.True(lines.Length < height, $"{lines.Length} lines on {height}");
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        if (width >= 40)
            Assert.All(lines, line => Assert.True(line.Length <= width, $"{line.Length} on {width}: {line}"));
    }

    [Fact]
    public void it_shows_steps_bars_rate_time_left_lag_and_what_was_said()
    {
        var text = string.Join('\n', Plain(Copying(), 120, 40));

        Assert.Contains("✓ check       0.80 s", text, StringComparison.Ordinal);
        Assert.Contains("✓ slot", text, StringComparison.Ordinal); // Done by an earlier process, else copy could not run.
        Assert.Contains("▶ copy", text, StringComparison.Ordinal);
        Assert.Contains("· follow", text, StringComparison.Ordinal);
        Assert.Contains("\"public\".\"orders\"", text, StringComparison.Ordinal);
        Assert.Contains("40 %", text, StringComparison.Ordinal);
        Assert.Contains("38.1 MB of 95.4 MB", text, StringComparison.Ordinal);
        Assert.Contains("MB/s", text, StringComparison.Ordinal);
        Assert.Contains("0:07", text, StringComparison.Ordinal); // 60 MB left, 40 MB in 5 seconds.
        Assert.Contains("1 table copied", text, StringComparison.Ordinal);
        Assert.Contains("lag         1.0 kB  0.10 s", text, StringComparison.Ordinal);
        Assert.Contains("[brackets]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_terminal_without_unicode_gets_ascii()
        => Assert.All(Plain(Copying(), 100, 30, unicode: false), line => Assert.All(line.Where(c => c != '\uFFFD' && c != '…' && c != '–'), c => Assert.True(c < 128, line)));

    [Fact]
    public void a_command_of_several_lines_is_told_in_one()
        => Assert.Equal("CREATE TABLE t ( a int ); \uFFFD", Say.OneLine("CREATE TABLE t (\n    a int\r\n);\t\u0007"));

    [Fact]
    public void a_lifted_fence_takes_the_steps_behind_it_back()
    {
        var picture = new Picture();
        picture.See(_start, new StepStarted("follow", ""));
        picture.See(_start, new StepDone("follow", 1));
        picture.See(_start, new StepStarted("fence", ""));
        picture.See(_start, new FenceLifted("it took too long", 1));
        picture.See(_start, new StepStarted("follow", ""));

        Assert.Equal(StepState.Running, picture.Steps.Single(step => step.Name == "follow").State);
        Assert.Equal(StepState.Waiting, picture.Steps.Single(step => step.Name == "fence").State);
    }

    [Fact]
    public async Task lines_for_logs_have_no_control_characters_and_few_lines_of_progress()
    {
        var output = new StringWriter();
        await using var view = new PlainView(output, TimeProvider.System);
        for (var i = 0; i < 1000; i++)
            view.Show(_start.AddMilliseconds(i * 10), new CopyProgress("t", i, 1000));
        view.Show(_start.AddSeconds(10), new Notice("two\nlines \e[31m"));

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 2, 4);
        Assert.DoesNotContain('\e', output.ToString());
        Assert.All(lines, line => Assert.Matches(@"^\d\d:\d\d:\d\d ", line));
    }
}

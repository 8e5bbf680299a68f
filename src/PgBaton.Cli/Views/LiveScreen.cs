using Spectre.Console;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Views;

/// <summary>The picture as lines of markup for a terminal of a certain size. Pure.</summary>
sealed class LiveScreen(string title, int width, int height, bool unicode)
{
    const int NameWidth = 11;

    readonly List<string> _lines = [];

    /// <summary>Never more lines than the terminal has, less one for the cursor.</summary>
    public static IReadOnlyList<string> Render(Picture picture, string title, DateTimeOffset now, int width, int height, bool unicode = true)
    {
        var screen = new LiveScreen(title, width, height, unicode);
        screen.Draw(picture, now);
        return screen._lines;
    }

    void Draw(Picture picture, DateTimeOffset now)
    {
        Add($"[bold]{Escaped(title, width)}[/]");
        foreach (var step in picture.Steps)
        {
            DrawStep(picture, step, now);
            if (step is { Name: "copy", State: StepState.Running })
                DrawTables(picture, now);
        }

        if (picture.Lags.Count > 0)
            DrawLag(picture.Lags);
        if (picture.BytesToVerify > 0)
            Add($"   {"verify",-NameWidth} {Bar((double)picture.Verifying.Value / picture.BytesToVerify, picture.Verifying, picture.BytesToVerify, now, width - NameWidth - 4)}");
        foreach (var (at, text) in picture.LastMessages)
            Add($"[grey]{at.ToLocalTime():HH:mm:ss}[/] {Escaped(text, width - 9)}");
        if (_lines.Count > height - 1)
            _lines.RemoveRange(height - 1, _lines.Count - height + 1);
    }

    void DrawStep(Picture picture, StepPicture step, DateTimeOffset now)
    {
        var (mark, colour) = step.State switch
        {
            StepState.Done => (unicode ? "✓" : "+", "green"),
            StepState.Running => (unicode ? "▶" : ">", "yellow"),
            StepState.Undone => (unicode ? "↶" : "<", "grey"),
            _ => (unicode ? "·" : ".", "grey"),
        };
        var name = step.State == StepState.Running ? $"[bold]{step.Name,-NameWidth}[/]" : $"{step.Name,-NameWidth}";
        var about = step switch
        {
            { State: StepState.Done, Seconds: { } seconds } => $"[grey]{Duration(seconds)}[/]",
            { State: StepState.Running, Name: "copy" } when picture.BytesTotal > 0 => CopyLine(picture, now),
            { State: StepState.Running, Name: "post-data" } => $"{Since(step, now)}  {Count(picture.IndexesBuilt)} indexes and keys built",
            { State: StepState.Running } => Since(step, now),
            _ => "",
        };
        Add($" [{colour}]{mark}[/] {name} {about}".TrimEnd());
    }

    string CopyLine(Picture picture, DateTimeOffset now)
        => Bar((double)picture.Copy.Value / picture.BytesTotal, picture.Copy, picture.BytesTotal, now, width - NameWidth - 4);

    // The tables that moved last, and among them the largest: what is going on now.
    void DrawTables(Picture picture, DateTimeOffset now)
    {
        var room = Math.Clamp(height - Migration.Steps.Length - 8, 0, 12);
        var active = picture.Tables.Where(table => !table.IsDone && table.BytesDone > 0).OrderByDescending(table => table.BytesTotal).Take(room).ToList();
        var names = Math.Clamp(width / 3, 8, 32);
        foreach (var table in active.OrderBy(table => table.Name, StringComparer.Ordinal))
        {
            var name = Escaped(table.Name, names);
            var padding = new string(' ', Math.Max(0, names - Math.Min(names, OneLine(table.Name).Length)));
            Add($"     {name}{padding} {Bar(table.Share, table.Pace, table.BytesTotal, now, width - names - 6)}");
        }

        var others = picture.Tables.Count - picture.TablesCopied - active.Count;
        Add($"     [grey]{Many(picture.TablesCopied, "table")} copied{(others > 0 ? $", {Count(others)} more begun" : "")}[/]");
    }

    // [bar] 61 % 1.2 GB of 2.0 GB 120 MB/s 0:07 — from the right, what does not fit is left out.
    string Bar(double share, Pace pace, long total, DateTimeOffset now, int room)
    {
        var percent = $"{Math.Clamp(share, 0, 1) * 100,3:0} %";
        var amount = $"{Bytes(Math.Min(pace.Value, total)),7} of {Bytes(total),-7}";
        var rate = pace.PerSecond(now) is { } perSecond ? $"{Bytes(perSecond),7}/s" : new string(' ', 9);
        var left = $"{Remaining(pace.Remaining(total, now)),7}";
        var text = new[] { $"{percent} {amount} {rate} {left}", $"{percent} {rate} {left}", $"{percent} {left}", percent }
            .First(candidate => candidate.Length + 9 <= room || candidate == percent);
        var bar = Math.Clamp(room - text.Length - 2, 0, 40);
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * bar);
        return bar < 4 ? text : $"[green]{new string(unicode ? '━' : '#', full)}[/][grey]{new string(unicode ? '─' : '-', bar - full)}[/] {text}";
    }

    void DrawLag(IReadOnlyList<LagMeasured> lags)
    {
        var now = lags[^1];
        var colour = now.Seconds > 30 ? "red" : now.Seconds > 5 ? "yellow" : "green";
        var text = $"{Bytes(now.Bytes)}  {Duration(now.Seconds)}";
        var applied = $"  {Many(now.Transactions, "transaction")}, {Many(now.Changes, "change")} applied";
        var trend = Sparkline([.. lags.Select(lag => (double)lag.Bytes)]);
        var rest = $"   lag         ".Length + text.Length + trend.Length + 2 + applied.Length <= width ? $"[grey]{applied}[/]" : "";
        Add($"   {"lag",-NameWidth} [{colour}]{text}[/]  [grey]{trend}[/]{rest}");
    }

    string Sparkline(double[] values)
    {
        if (!unicode || values.Length < 2)
            return "";
        var top = Math.Max(1, values.Max());
        return string.Concat(values.TakeLast(Math.Clamp(width / 5, 4, 24)).Select(value => "▁▂▃▄▅▆▇█"[(int)Math.Min(7, value / top * 7.99)]));
    }

    static string Since(StepPicture step, DateTimeOffset now) => step.StartedAt is { } at ? Duration(now - at) : "";

    static string Escaped(string text, int width) => Markup.Escape(Fit(OneLine(text), Math.Max(1, width)));

    void Add(string line) => _lines.Add(line);
}

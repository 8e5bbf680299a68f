using System.Globalization;
using System.Text.Json.Nodes;

namespace PgBaton.Cli.Report;

/// <summary>A line over time, from the axis up. The report has it as SVG; the page makes the same of its figures.</summary>
/// <param name="Width">As wide as it is drawn: text is as large as it is there.</param>
/// <param name="Points">As an SVG polyline takes them.</param>
/// <param name="Grid">Heights, each with what it stands for.</param>
/// <param name="First">Moment at the left edge.</param>
/// <param name="Last">Moment at the right edge.</param>
sealed record LinePlot(double Width, string Points, IReadOnlyList<(double Y, string Label)> Grid, DateTimeOffset First, DateTimeOffset Last)
{
    const double Height = 200, Top = 12, Bottom = 170, Left = 66, Margin = 10;

    /// <summary>Null where there are too few points for a line.</summary>
    /// <param name="points">By time.</param>
    /// <param name="say">A value as people read it.</param>
    /// <param name="width">Of the drawing.</param>
    public static LinePlot? Of(IReadOnlyList<(DateTimeOffset At, double Value)> points, Func<double, string> say, double width = Plot.Width)
    {
        if (points.Count < 2)
            return null;
        var (first, last) = (points[0].At, points[^1].At);
        var span = Math.Max((last - first).TotalSeconds, 1e-3);
        var most = Math.Max(points.Max(point => point.Value), 1e-9);
        var line = points.Select(point =>
            $"{Plot.Number(Left + ((width - Left - Margin) * (point.At - first).TotalSeconds / span))},{Plot.Number(HeightOf(point.Value / most))}");
        return new LinePlot(width, string.Join(' ', line), [.. new[] { 0, 0.5, 1 }.Select(share => (HeightOf(share), say(most * share)))], first, last);
    }

    static double HeightOf(double share) => Bottom - ((Bottom - Top) * share);

    /// <summary>As part of a page.</summary>
    /// <param name="title">Read out by a screen reader.</param>
    public string Svg(string title)
    {
        var svg = Plot.Begin(title, Width, Height);
        foreach (var (y, label) in Grid)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Left}" y1="{Plot.Number(y)}" x2="{Width - Margin}" y2="{Plot.Number(y)}"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{Plot.Number(y)}" text-anchor="end" dominant-baseline="middle">{Html.Text(label)}</text>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<polyline class="line" points="{Points}"/>""");
        return Plot.End(svg, First, Last, Left, Width, Height);
    }

    /// <summary>For who makes the elements.</summary>
    public JsonObject ToJson() => new()
    {
        ["width"] = Width,
        ["height"] = Height,
        ["left"] = Left,
        ["right"] = Width - Margin,
        ["points"] = Points,
        ["grid"] = new JsonArray([.. Grid.Select(one => (JsonNode)new JsonObject { ["y"] = one.Y, ["label"] = one.Label })]),
        ["first"] = First.UtcDateTime.ToString("O"),
        ["last"] = Last.UtcDateTime.ToString("O"),
    };
}

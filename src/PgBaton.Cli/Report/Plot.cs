using System.Globalization;
using System.Text;

namespace PgBaton.Cli.Report;

/// <summary>Drawings as inline SVG: nothing is fetched, and they take their colours from the page.</summary>
static class Plot
{
    const double Width = 900;
    const double Left = 110;
    const double Right = 190; // A label beside the last bar: how long, and how it ended.

    /// <summary>A line over time, from the axis up.</summary>
    /// <param name="title">Read out by a screen reader.</param>
    /// <param name="points">By time.</param>
    /// <param name="say">A value as people read it.</param>
    public static string Line(string title, IReadOnlyList<(DateTimeOffset At, double Value)> points, Func<double, string> say)
    {
        const double height = 200, top = 12, bottom = 170;
        if (points.Count < 2)
            return "";
        var (first, last) = (points[0].At, points[^1].At);
        var span = Math.Max((last - first).TotalSeconds, 1e-3);
        var most = Math.Max(points.Max(point => point.Value), 1e-9);
        var line = string.Join(' ', points.Select(point =>
            $"{Number(Left + ((Width - Left - 10) * (point.At - first).TotalSeconds / span))},{Number(bottom - ((bottom - top) * point.Value / most))}"));
        var svg = Begin(title, height);
        foreach (var share in (double[])[0, 0.5, 1])
        {
            var y = Number(bottom - ((bottom - top) * share));
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Left}" y1="{y}" x2="{Width - 10}" y2="{y}"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y}" text-anchor="end" dominant-baseline="middle">{Html.Text(say(most * share))}</text>""");
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<polyline class="line" points="{line}"/>""");
        return End(svg, first, last, height);
    }

    /// <summary>One bar a thing, over time.</summary>
    /// <param name="title">Read out by a screen reader.</param>
    /// <param name="bars">From top to bottom.</param>
    public static string Bars(string title, IReadOnlyList<(string Name, DateTimeOffset From, DateTimeOffset To, string Label)> bars)
    {
        if (bars.Count == 0)
            return "";
        const double row = 24;
        var (first, last) = (bars.Min(bar => bar.From), bars.Max(bar => bar.To));
        var span = Math.Max((last - first).TotalSeconds, 1e-3);
        var height = (row * bars.Count) + 30;
        var svg = Begin(title, height);
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, from, to, label) = bars[i];
            var x = Left + ((Width - Left - Right) * (from - first).TotalSeconds / span);
            var width = Math.Max(2, (Width - Left - Right) * (to - from).TotalSeconds / span);
            var middle = Number((row * i) + (row / 2));
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{middle}" text-anchor="end" dominant-baseline="middle">{Html.Text(name)}</text>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="bar" x="{Number(x)}" y="{Number((row * i) + 4)}" width="{Number(width)}" height="{row - 8}" rx="2"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Number(x + width + 6)}" y="{middle}" dominant-baseline="middle">{Html.Text(label)}</text>""");
        }

        return End(svg, first, last, height);
    }

    static StringBuilder Begin(string title, double height)
        => new StringBuilder().Append(CultureInfo.InvariantCulture, $"""<div class="wide" tabindex="0"><svg viewBox="0 0 {Width} {height}" role="img" aria-label="{Html.Text(title)}">""");

    static string End(StringBuilder svg, DateTimeOffset first, DateTimeOffset last, double height)
        => svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{height - 6}">{Html.Time(first)}</text>""")
            .Append(CultureInfo.InvariantCulture, $"""<text x="{Width - 10}" y="{height - 6}" text-anchor="end">{Html.Time(last)}</text></svg></div>""")
            .ToString();

    static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}

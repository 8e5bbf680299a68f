using System.Globalization;
using System.Text;

namespace PgBaton.Cli.Report;

/// <summary>Drawings as inline SVG: nothing is fetched, and they take their colours from the page.</summary>
static class Plot
{
    /// <summary>Of a drawing in the report, as pixels of a wide window.</summary>
    internal const double Width = 900;

    const double Left = 110; // Names of steps.
    const double Right = 190; // A label beside the last bar: how long, and how it ended.

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
        var svg = Begin(title, Width, height);
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

        return End(svg, first, last, Left, Width, height);
    }

    internal static StringBuilder Begin(string title, double width, double height)
        => new StringBuilder().Append(CultureInfo.InvariantCulture, $"""<div class="wide" tabindex="0"><svg viewBox="0 0 {width} {height}" role="img" aria-label="{Html.Text(title)}">""");

    internal static string End(StringBuilder svg, DateTimeOffset first, DateTimeOffset last, double left, double width, double height)
        => svg.Append(CultureInfo.InvariantCulture, $"""<text x="{left}" y="{height - 6}">{Html.Time(first)}</text>""")
            .Append(CultureInfo.InvariantCulture, $"""<text x="{width - 10}" y="{height - 6}" text-anchor="end">{Html.Time(last)}</text></svg></div>""")
            .ToString();

    internal static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace PgBaton.Cli.Options;

/// <summary>Durations as postgresql.conf writes them: 500ms, 30s, 5min, 1h, 1d; without a unit, seconds.</summary>
static class Duration
{
    /// <summary>Null if it is no duration, or not longer than nothing.</summary>
    public static double? Seconds(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        double? unit = text[digits..].Trim() switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "min" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => null,
        };
        return double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number < 1e7
            ? number * unit
            : null;
    }
}

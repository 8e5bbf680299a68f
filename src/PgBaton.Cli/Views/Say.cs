using System.Globalization;
using System.Text.RegularExpressions;

namespace PgBaton.Cli.Views;

/// <summary>Numbers as people read them.</summary>
static partial class Say
{
    static readonly string[] _units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>1.2 GB: at most four digits, powers of 1024 as PostgreSQL counts.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 999.5 && unit < _units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        var digits = unit == 0 || Math.Abs(bytes) >= 99.5 ? "0" : "0.0";
        return $"{bytes.ToString(digits, CultureInfo.InvariantCulture)} {_units[unit]}";
    }

    /// <summary>1,234,567.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>0.34 s, 12.3 s, 4:05, 1:02:03, 2 d 3 h.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 0 => "0 s",
        < 9.995 => $"{duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s",
        < 59.95 => $"{duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        < 3600 => duration.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        < 86400 => duration.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => $"{duration.Days} d {duration.Hours} h",
    };

    public static string Duration(double seconds) => Duration(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)));

    /// <summary>Time left, in whole seconds: 0:07, 1:02:03.</summary>
    public static string Remaining(TimeSpan? left) => left switch
    {
        null => "–:––",
        { TotalDays: >= 1 } long_ => $"{long_.Days} d {long_.Hours} h",
        { TotalHours: >= 1 } hours => hours.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        { } short_ => short_.ToString(@"m\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>"1 table", "2 tables".</summary>
    public static string Many(long count, string one) => count == 1 ? $"1 {one}" : $"{Count(count)} {one}s";

    /// <summary>At most <paramref name="width"/> characters; what is cut off is cut from the middle, since names differ at both ends.</summary>
    public static string Fit(string text, int width)
    {
        if (text.Length <= width)
            return text;
        if (width < 3)
            return text[..Math.Max(0, width)];
        var head = (width - 1) / 2;
        return $"{text[..head]}…{text[^(width - 1 - head)..]}";
    }

    /// <summary>Control characters would tear the screen. The line breaks of an SQL command become blanks.</summary>
    public static string OneLine(string text)
        => text.Any(char.IsControl) ? string.Concat(LineBreaks().Replace(text, " ").Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    [GeneratedRegex(@"\s*[\r\n]\s*|\t")]
    private static partial Regex LineBreaks();
}

using System.Globalization;

namespace PgBaton.Cli.Options;

/// <summary>Sizes as postgresql.conf writes them: 500MB is 500 · 1024 · 1024 bytes.</summary>
static class ByteSize
{
    static readonly string[] _units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Bytes; null if it is not a size. Without a unit: bytes.</summary>
    public static long? Parse(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var unit = text[digits..].Trim();
        var power = unit.Length == 0 ? 0 : Array.FindIndex(_units, known => known.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (power < 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var factor = (decimal)(1L << (10 * power));
        return number > long.MaxValue / factor || number * factor < 1 ? null : (long)(number * factor);
    }
}

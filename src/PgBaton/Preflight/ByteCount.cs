using System.Globalization;

namespace PgBaton.Preflight;

/// <summary>Bytes as people read them.</summary>
static class ByteCount
{
    static readonly string[] _units = ["bytes", "kB", "MB", "GB", "TB", "PB"];

    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < _units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {_units[unit]}");
    }
}

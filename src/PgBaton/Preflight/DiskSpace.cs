using System.Globalization;

namespace PgBaton.Preflight;

/// <summary>What SQL can see of it: the source's size. The target's free space is its operator's to know.</summary>
sealed class DiskSpace() : Check("PB1084", "target", "How much disk does the target need?", "the target needs little disk")
{
    const long Little = 1L << 30;

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var size = servers.Scope.IsEverything ? servers.Source.Facts.DatabaseBytes : servers.Tables.Sum(table => table.Table.Bytes) * 2; // Twice: with indexes.
        var message = $"the target needs about {Bytes(size * 3 / 2)} of free disk, one and a half times the source's {Bytes(size)}";
        const string detail = "Free space cannot be read by SQL. The half more is for sorting while indexes are built, and for WAL.";
        yield return size < Little ? Fine(message, detail) : Notice(
            message, detail,
            "Compare with the target's disk before you begin; storage that grows by itself may grow too slowly for a copy.");
    }

    static string Bytes(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}

using System.Globalization;

namespace PgBaton.Relay;

/// <summary>Which transactions a snapshot sees: the text of <c>pg_current_snapshot()</c>.</summary>
sealed class TransactionSnapshot
{
    readonly ulong _xmin, _xmax;
    readonly HashSet<ulong> _inProgress;

    TransactionSnapshot(ulong xmin, ulong xmax, HashSet<ulong> inProgress) => (_xmin, _xmax, _inProgress) = (xmin, xmax, inProgress);

    /// <summary><c>xmin:xmax:xip,xip</c>, all with their epoch.</summary>
    public static TransactionSnapshot Parse(string text)
    {
        var parts = text.Split(':');
        var inProgress = parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToHashSet();
        return new TransactionSnapshot(Number(parts[0]), Number(parts[1]), inProgress);

        static ulong Number(string digits) => ulong.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>The stream carries 32 bits of a transaction's id; the rest is that of the nearest id to xmax.</summary>
    public bool Sees(uint xid)
    {
        var distance = (int)(xid - (uint)_xmax);
        var full = _xmax + (ulong)(long)distance;
        return full < _xmax && (full < _xmin || !_inProgress.Contains(full));
    }
}

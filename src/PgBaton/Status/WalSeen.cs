using System.Globalization;

namespace PgBaton.Status;

/// <summary>Where a side's WAL stood some time ago, as <see cref="Fact.WalSeen"/> says.</summary>
/// <param name="Side">source or target.</param>
/// <param name="Lsn">There.</param>
/// <param name="Seconds">Ago, by the target's clock.</param>
/// <param name="Acknowledged">How far the slot's reader had acknowledged then.</param>
sealed record WalSeen(string Side, Lsn Lsn, double Seconds, Lsn Acknowledged)
{
    /// <summary>Less says nothing about a rate.</summary>
    const double LeastSeconds = 3;

    /// <param name="fact">Null if there is none.</param>
    /// <param name="age">Seconds since it was written.</param>
    public static WalSeen? Read(string? fact, double? age)
        => fact?.Split(' ') is [var side, var lsn, var before, var acknowledged] && age is not null
            ? new WalSeen(side, NpgsqlTypes.NpgsqlLogSequenceNumber.Parse(lsn), age.Value + double.Parse(before, CultureInfo.InvariantCulture), NpgsqlTypes.NpgsqlLogSequenceNumber.Parse(acknowledged)) : null;

    /// <summary>What was written since; null if it was another server, or too short ago.</summary>
    public double? BytesPerSecond(string side, Lsn now) => side == Side && now >= Lsn && Seconds >= LeastSeconds ? ((ulong)now - (ulong)Lsn) / Seconds : null;

    /// <summary>By how much the lag grows each second, negative where it shrinks; null if it was another server, or too short ago.</summary>
    public double? Trend(string side, Lsn now, Lsn acknowledged)
        => BytesPerSecond(side, now) is { } written && acknowledged >= Acknowledged ? written - (((ulong)acknowledged - (ulong)Acknowledged) / Seconds) : null;
}

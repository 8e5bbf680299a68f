using System.Globalization;

namespace PgBaton.Status;

/// <summary>Where a side's WAL stood some time ago, as <see cref="Fact.WalSeen"/> says.</summary>
/// <param name="Side">source or target.</param>
/// <param name="Lsn">There.</param>
/// <param name="Seconds">Ago, by the target's clock.</param>
sealed record WalSeen(string Side, Lsn Lsn, double Seconds)
{
    /// <summary>Less says nothing about a rate.</summary>
    const double LeastSeconds = 3;

    /// <param name="fact">Null if there is none.</param>
    /// <param name="age">Seconds since it was written.</param>
    public static WalSeen? Read(string? fact, double? age)
        => fact?.Split(' ') is [var side, var lsn, var before] && age is not null
            ? new WalSeen(side, NpgsqlTypes.NpgsqlLogSequenceNumber.Parse(lsn), age.Value + double.Parse(before, CultureInfo.InvariantCulture)) : null;

    /// <summary>What was written since; null if it was another server, or too short ago.</summary>
    public double? BytesPerSecond(string side, Lsn now) => side == Side && now >= Lsn && Seconds >= LeastSeconds ? ((ulong)now - (ulong)Lsn) / Seconds : null;
}

using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// Whether the WAL that is written while the tables are copied fits into what the source keeps for a slot. The forecast is the rate since the server's
/// statistics were reset, times the copy at an assumed pace; <c>plan</c> measures both.
/// </summary>
sealed class SlotKeepsWal() : Check(
    "PB1028", "replication", "Does the source keep enough WAL for a slot?", "the source keeps enough WAL for a slot", onlyFollowing: true)
{
    const long Least = 1L << 30;

    /// <summary>Bytes a second, rows and indexes together: what two modest servers in one region do.</summary>
    const long Pace = 25 << 20;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var (facts, provider) = (servers.Source.Facts, servers.Source.Provider);
        if (facts.Setting("max_slot_wal_keep_size") is null)
            return [];
        var forecast = await RateAsync(servers.Source, ct) * facts.DatabaseBytes / Pace;
        var kept = facts.Number("max_slot_wal_keep_size") * (1L << 20);
        if (kept < 0)
            return [Unlimited(forecast, facts.DatabaseBytes)];
        var message = $"the source keeps at most {ByteCount.Of(kept)} of WAL for a slot (max_slot_wal_keep_size)";
        var fix = $"With room on the disk: {provider.Set("max_slot_wal_keep_size", "-1", restarts: false)}";
        if (forecast > kept)
            return
            [
                Warning(
                    $"{message}, and about {ByteCount.Of((long)forecast)} will be written during the copy",
                    "The slot would be lost before the copy is done, and the migration have to begin again. The figure is the rate of this server so far, for a copy at 25 MB/s.", fix),
            ];
        if (kept < Least)
            return
            [
                Warning(
                    message,
                    "If more is written while the tables are copied, or while pgbaton is not running, the slot is lost and the migration has to begin again.", fix),
            ];
        return forecast is null && kept < facts.DatabaseBytes / 2
            ?
            [
                Notice(
                    message, "That is less than half the database's size: a busy source may write more than that during the copy, and the slot would be lost.", fix),
            ]
            : [];
    }

    Finding Unlimited(double? forecast, long size)
    {
        var message = "the source keeps WAL for a slot without limit";
        const string detail = "Nothing is lost however long the copy takes; but WAL grows on its disk while pgbaton copies, or is not running. Watch \"pgbaton status\".";
        return forecast > Math.Max(Least, size / 10)
            ? Notice(
                $"{message}, and about {ByteCount.Of((long)forecast)} will be written during the copy", detail, "Have at least that much free on the source's disk; --max-slot-wal gives up in time.")
            : Fine(message, detail);
    }

    // Bytes a second; null where the server does not count, or has only just begun.
    static async Task<double?> RateAsync(CheckedServer source, CancellationToken ct)
        => !source.Version.HasWalStatistics ? null
            : (await source.Connection.QueryAsync(
                "SELECT wal_bytes::float8 / nullif(extract(epoch FROM pg_catalog.now() - stats_reset), 0)::float8 FROM pg_catalog.pg_stat_wal",
                row => row.IsDBNull(0) ? (double?)null : row.GetDouble(0), ct))[0];
}

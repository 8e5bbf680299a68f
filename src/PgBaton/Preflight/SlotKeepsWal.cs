namespace PgBaton.Preflight;

/// <summary>Whether the WAL that is written while the tables are copied fits into what the source keeps for a slot, and onto its disk.</summary>
sealed class SlotKeepsWal() : Check(
    "PB1028", "replication", "Does the source keep enough WAL for a slot?", "the source keeps enough WAL for a slot", onlyFollowing: true)
{
    const long Least = 1L << 30;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var (facts, provider) = (servers.Source.Facts, servers.Source.Provider);
        var forecast = await servers.ForecastAsync(ct);
        // Before 13 there is no such limit.
        long? kept = facts.Setting("max_slot_wal_keep_size") is null || facts.Number("max_slot_wal_keep_size") < 0 ? null : facts.Number("max_slot_wal_keep_size") * (1L << 20);
        if (servers.Options.SourceDisk is { } disk && disk < (kept ?? long.MaxValue) && forecast.WalBytes > disk)
            return
            [
                Warning(
                    $"about {ByteCount.Of((long)forecast.WalBytes)} of WAL will be written during the copy, and the source has {ByteCount.Of(disk)} of disk",
                    $"The slot keeps all of it until everything is copied: the source's disk would run full, and its writers stop. {forecast.Basis}",
                    "Give the source more disk, move less (-T, -N) or at a quieter hour; --max-slot-wal gives up in time."),
            ];
        return kept is { } limit ? Judge(limit, forecast, facts.DatabaseBytes, provider.Set("max_slot_wal_keep_size", "-1", restarts: false)) : [Unlimited(forecast, facts.DatabaseBytes)];
    }

    IReadOnlyList<Finding> Judge(long kept, CopyForecast forecast, long size, string setting)
    {
        var message = $"the source keeps at most {ByteCount.Of(kept)} of WAL for a slot (max_slot_wal_keep_size)";
        var fix = $"With room on the disk: {setting}";
        if (forecast.WalBytes > kept)
            return
            [
                Warning(
                    $"{message}, and about {ByteCount.Of((long)forecast.WalBytes)} will be written during the copy",
                    $"The slot would be lost before the copy is done, and the migration have to begin again. {forecast.Basis}", fix),
            ];
        if (kept < Least)
            return
            [
                Warning(
                    message,
                    "If more is written while the tables are copied, or while pgbaton is not running, the slot is lost and the migration has to begin again.", fix),
            ];
        return forecast.WalBytes is null && kept < size / 2
            ?
            [
                Notice(
                    message, "That is less than half the database's size: a busy source may write more than that during the copy, and the slot would be lost.", fix),
            ]
            : [];
    }

    Finding Unlimited(CopyForecast forecast, long size)
    {
        var message = "the source keeps WAL for a slot without limit";
        const string detail = "Nothing is lost however long the copy takes; but WAL grows on its disk while pgbaton copies, or is not running. Watch \"pgbaton status\".";
        return forecast.WalBytes > Math.Max(Least, size / 10)
            ? Notice(
                $"{message}, and about {ByteCount.Of((long)forecast.WalBytes)} will be written during the copy", $"{detail} {forecast.Basis}",
                "Have at least that much free on the source's disk (--source-disk compares); --max-slot-wal gives up in time.")
            : Fine(message, detail);
    }
}

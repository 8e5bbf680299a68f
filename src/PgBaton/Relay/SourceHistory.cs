using System.Globalization;
using Npgsql;
using Npgsql.Replication;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Whether what was applied is still part of the source's past. A standby that was promoted before it had everything, or an older copy of the
/// server, holds a slot that looks well, and would leave out what it writes up to the journal's position.
/// </summary>
static class SourceHistory
{
    /// <summary>When a slot is made: the timeline of that side, to which positions belong from now on.</summary>
    public static async Task RecordAsync(Migration migration, Side side, ReplicationConnection replication, CancellationToken ct)
        => await RecordAsync(migration, side, (await replication.IdentifySystem(ct)).Timeline, ct);

    /// <summary>Before the stream is read. A timeline that left after <paramref name="applied"/> is recorded as the new one.</summary>
    /// <exception cref="MigrationException">PB0520.</exception>
    public static async Task MustContainAsync(Migration migration, Lsn applied, CancellationToken ct)
    {
        await using var replication = await migration.Direction.Publisher.OpenReplicationAsync("relay", ct);
        var now = await replication.IdentifySystem(ct);
        if (now.XLogPos < applied)
            throw Errors.HistoryLost(applied, $"Its own WAL ends at {now.XLogPos}: it is an older copy of the source.");
        if (await migration.Journal.GetFactAsync(Fact.Timeline(migration.Direction.Publisher.Side), ct) is not { } recorded)
            return;
        var known = uint.Parse(recorded, CultureInfo.InvariantCulture);
        if (known == now.Timeline)
            return;

        if (await HistoryAsync(migration, now.Timeline, ct) is not { } history)
            throw Errors.HistoryLost(applied, $"It is on timeline {now.Timeline}, no longer {known}, and our role may not read where that began.");
        var left = Left(known, history);
        if (left is null)
            throw Errors.HistoryLost(applied, $"It is on timeline {now.Timeline}, which does not come from timeline {known}.");
        if (left < applied)
            throw Errors.HistoryLost(applied, $"It is on timeline {now.Timeline}, which left timeline {known} at {left}.");
        await RecordAsync(migration, migration.Direction.Publisher.Side, now.Timeline, ct);
    }

    /// <summary>Where a history file says that <paramref name="timeline"/> was left; null if it never was part of that history.</summary>
    internal static Lsn? Left(uint timeline, string history)
        => (from line in history.Split('\n')
            let words = line.Split('\t')
            where words.Length >= 2 && words[0] == timeline.ToString(CultureInfo.InvariantCulture)
            select (Lsn?)Lsn.Parse(words[1])).FirstOrDefault();

    // Null: our role may not. Not with TIMELINE_HISTORY, whose answer the driver cannot read since the server sends it as text.
    static async Task<string?> HistoryAsync(Migration migration, uint timeline, CancellationToken ct)
    {
        if (timeline == 1)
            return "";
        await using var publisher = await migration.Direction.Publisher.OpenAsync("relay", ct);
        try
        {
            return await publisher.QueryValueAsync<string>("SELECT pg_catalog.pg_read_file($1)", ct, $"pg_wal/{timeline:X8}.history");
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    static Task RecordAsync(Migration migration, Side side, uint timeline, CancellationToken ct)
        => migration.Journal.SetFactAsync(Fact.Timeline(side), timeline.ToString(CultureInfo.InvariantCulture), ct);
}

using System.Globalization;
using System.Text;
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
        if (await migration.Journal.GetFactAsync(Fact.Timeline(migration.Direction.Publisher.Side), ct) is not { } recorded || uint.Parse(recorded, CultureInfo.InvariantCulture) is var known && known == now.Timeline)
            return;

        var left = Left(known, await HistoryAsync(replication, now.Timeline, ct));
        if (left is null || left < applied)
            throw Errors.HistoryLost(applied, $"It is on timeline {now.Timeline}, which {(left is null ? "does not come from" : $"left at {left}")} timeline {known}.");
        await RecordAsync(migration, migration.Direction.Publisher.Side, now.Timeline, ct);
    }

    /// <summary>Where a history file says that <paramref name="timeline"/> was left; null if it never was part of that history.</summary>
    internal static Lsn? Left(uint timeline, string history)
        => (from line in history.Split('\n')
            let words = line.Split('\t')
            where words.Length >= 2 && words[0] == timeline.ToString(CultureInfo.InvariantCulture)
            select (Lsn?)Lsn.Parse(words[1])).FirstOrDefault();

    static async Task<string> HistoryAsync(LogicalReplicationConnection replication, uint timeline, CancellationToken ct)
        => timeline == 1 ? "" : Encoding.UTF8.GetString((await replication.TimelineHistory(timeline, ct)).Content);

    static Task RecordAsync(Migration migration, Side side, uint timeline, CancellationToken ct)
        => migration.Journal.SetFactAsync(Fact.Timeline(side), timeline.ToString(CultureInfo.InvariantCulture), ct);
}

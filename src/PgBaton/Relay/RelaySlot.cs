using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Before the stream is read: is everything since the journal's position still in the slot?</summary>
static class RelaySlot
{
    const int Looks = 50;

    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns the journal's position, where the stream is taken up, and when the commit before it was made; null before the first. A gap is a hard stop; a slot is never made anew.</summary>
    /// <exception cref="MigrationException">PB0501, PB0502, PB0503, PB0520, PB0527.</exception>
    public static async Task<(Lsn Applied, DateTime? CommittedAt)> CheckAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction;
        var name = direction.SlotName;
        // With the row locked: a commit of a former session that is still on its way is waited for, and then read.
        await using var subscriber = await direction.Subscriber.OpenAsync("relay", ct);
        var (applied, committedAt) = await subscriber.QueryFirstAsync(
            "UPDATE pgbaton.progress SET epoch = epoch RETURNING lsn, committed_at", row => (row.GetFieldValue<Lsn>(0), row.GetNullable<DateTime?>(1)), ct);
        await SourceHistory.MustContainAsync(migration, applied, ct);
        await SlotWatch.MustNotBeGivenUpAsync(migration, ct);
        await using var publisher = await direction.Publisher.OpenAsync("relay", ct);
        var slot = await FindAsync(publisher, name, migration.Time, ct) ?? throw Errors.SlotMissing(direction.Publisher.Side, name);
        if (slot.WalStatus is "lost" || slot.ConfirmedFlushLsn is null)
            throw Errors.SlotLost(direction.Publisher.Side, name, slot.WalStatus ?? "unknown");
        if (slot.ConfirmedFlushLsn > applied)
            throw Errors.SlotAhead(name, slot.ConfirmedFlushLsn.Value, applied);
        await PublishedTables.MustBeWholeAsync(migration, publisher, ct);
        return (applied, committedAt);
    }

    // Whoever read it before, ourselves or an engine that was killed, may need a moment to be gone.
    static async Task<ReplicationSlot?> FindAsync(NpgsqlConnection publisher, string name, TimeProvider time, CancellationToken ct)
    {
        for (var look = 1; ; look++)
        {
            var slot = await ReplicationSlot.FindAsync(publisher, name, ct);
            if (slot is not { IsActive: true } || look == Looks)
                return slot;
            await Task.Delay(_interval, time, ct);
        }
    }
}

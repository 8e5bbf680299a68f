using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Before the stream is read: is everything since the journal's position still in the slot?</summary>
static class RelaySlot
{
    /// <summary>Returns the journal's position, where the stream is taken up. A gap is a hard stop; a slot is never made anew.</summary>
    /// <exception cref="MigrationException">PB0501, PB0502, PB0503, PB0520.</exception>
    public static async Task<Lsn> CheckAsync(Migration migration, CancellationToken ct)
    {
        var name = migration.Journal.SlotName;
        // With the row locked: a commit of a former session that is still on its way is waited for, and then read.
        var applied = await migration.Journal.TakeTurnAsync(
            c => c.QueryValueAsync<Lsn>("UPDATE pgbaton.progress SET epoch = epoch RETURNING lsn", ct), ct);
        await SourceHistory.MustContainAsync(migration, applied, ct);
        await using var source = await migration.Source.OpenAsync("relay", ct);
        var slot = await ReplicationSlot.FindAsync(source, name, ct) ?? throw Errors.SlotMissing(name);
        if (slot.WalStatus is "lost" || slot.ConfirmedFlushLsn is null)
            throw Errors.SlotLost(name, slot.WalStatus ?? "unknown");
        if (slot.ConfirmedFlushLsn > applied)
            throw Errors.SlotAhead(name, slot.ConfirmedFlushLsn.Value, applied);
        return applied;
    }
}

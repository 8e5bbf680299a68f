using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Status;

/// <summary>What one side says at this moment. With an error, the rest is unknown.</summary>
/// <param name="Lsn">Where it writes.</param>
/// <param name="Slot">The migration's slot there; null if there is none.</param>
/// <param name="Gate">What its gate says; null if there is no gate.</param>
/// <param name="AppliedLsn">Up to where the other side's changes are on it; null if it gets none.</param>
/// <param name="CommittedAt">When the newest of them was committed there.</param>
/// <param name="Subscription">Of the migration, by which the other side's changes come; null if there is none.</param>
/// <param name="Error">Why it could not be asked.</param>
sealed record SideFacts(
    Lsn? Lsn, ReplicationSlot? Slot, GateState? Gate, Lsn? AppliedLsn, DateTimeOffset? CommittedAt, LogicalSubscription? Subscription, string? Error)
{
    // Where it writes, and what there is of ours.
    const string Here =
        "SELECT pg_catalog.pg_current_wal_lsn(), pg_catalog.to_regclass('pgbaton.gate') IS NOT NULL, pg_catalog.to_regclass('pgbaton.progress') IS NOT NULL";

    /// <summary>It was not asked.</summary>
    public static SideFacts Unknown { get; } = new(null, null, null, null, null, null, null);

    /// <param name="connection">To that side.</param>
    /// <param name="migration">Its name.</param>
    /// <param name="isBack">Of the slot: true on the target.</param>
    /// <param name="ct">Ends the asking.</param>
    public static async Task<SideFacts> ReadAsync(NpgsqlConnection connection, string migration, bool isBack, CancellationToken ct)
    {
        var facts = Unknown;
        var (hasGate, hasProgress) = (false, false);
        await connection.QueryTogetherAsync(
            ct, (Here, ReadHere),
            (ReplicationSlot.QueryOf(connection, Sql.Literal(Direction.SlotNameOf(migration, isBack))), row => facts = facts with { Slot = ReplicationSlot.Read(row) }));
        if (hasGate)
            facts = facts with { Gate = await GateFacts.StateAsync(connection, migration, ct) };
        if (!hasProgress)
            return facts;
        if (!isBack)
            facts = facts with { Subscription = await LogicalSubscription.FindAsync(connection, Direction.SlotNameOf(migration, isBack: true), ct) };
        return await connection.QueryFirstAsync(
            "SELECT lsn, committed_at FROM pgbaton.progress",
            row => facts with { AppliedLsn = row.GetFieldValue<Lsn>(0), CommittedAt = row.GetNullable<DateTimeOffset?>(1) }, ct) ?? facts;

        void ReadHere(NpgsqlDataReader row)
        {
            facts = facts with { Lsn = row.GetFieldValue<Lsn>(0) };
            (hasGate, hasProgress) = (row.GetBoolean(1), row.GetBoolean(2));
        }
    }
}

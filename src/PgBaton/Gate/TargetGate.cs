using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>The gate on the target: keeps writers out until the cutover, and again after a rollback, since what they wrote would be a silent fork.</summary>
static class TargetGate
{
    // Each table is a lock until the transaction ends, and the server's lock table is shared with others.
    const int TablesAtATime = 500;

    /// <summary>From now on a table with the gate's trigger refuses everybody but this engine.</summary>
    public static async Task CloseAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("gate", ct);
        await using var transaction = await target.BeginTransactionAsync(ct);
        if (!await GateRow.ExistsAsync(target, ct))
            await target.ExecuteAsync(GateSql.Gate, ct);
        await target.ExecuteAsync(GateSql.GateClosed, ct);
        await GateRow.WriteAsync(
            target, migration.Journal.Name, isClosed: true, migration.Target.Token!,
            $"database \"{migration.Target.Database}\" is not open for writers yet",
            $"It is the target of the migration \"{migration.Journal.Name}\" and opens with its cutover; until then, write on the source.", ct);
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Puts the trigger on every table in scope that has none yet; waits for who is writing there. The gate must be closed.</summary>
    public static async Task ArmAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("gate", ct);
        foreach (var tables in (await GateTriggers.MissingAsync(target, migration.Options, ct)).Chunk(TablesAtATime))
        {
            await using var transaction = await target.BeginTransactionAsync(ct);
            await target.ExecuteAsync(string.Join(";\n", tables.Select(GateTriggers.Arm)), ct);
            await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Before a rollback: puts the trigger on tables that were made since the target was opened. Writers go on meanwhile.</summary>
    /// <exception cref="MigrationException">PB0705.</exception>
    public static async Task ArmAgainAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("gate", ct);
        await GateTriggers.ArmMissingAsync(target, migration, ct);
    }

    /// <summary>Takes triggers and function away; the row goes with the journal. Writers go on meanwhile.</summary>
    /// <exception cref="MigrationException">PB0705.</exception>
    public static async Task DropAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await migration.Target.OpenAsync("gate", ct);
        while (await GateTriggers.ArmedAsync(target, ct) is { Count: > 0 } tables)
            await TableByTable.RunAsync(target, tables, GateTriggers.Disarm, migration, ct);
        await target.ExecuteAsync("DROP FUNCTION IF EXISTS pgbaton.gate()", ct);
    }
}

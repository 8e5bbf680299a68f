using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>
/// The gate on the source. Armed when the operator says cutover, which changes nothing for writers but microseconds; closed for a moment by
/// the fence, by the decision until a rollback; dropped at the end of the migration, either end.
/// </summary>
static class SourceGate
{
    /// <summary>Puts a trigger on every table in scope that has none yet. Writers go on meanwhile.</summary>
    /// <exception cref="MigrationException">PB0705, PB0706.</exception>
    public static async Task ArmAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("gate", ct);
        if (!await IsOursAsync(source, migration, ct))
            await CreateAsync(source, migration, ct);
        await JournalEpoch.RaiseAsync(source, migration.Journal.Epoch, ct);
        await GateTriggers.ArmMissingAsync(source, migration, ct);
    }

    /// <summary>
    /// For a source whose pgoutput sends no messages, and for subscriptions: the table whose only row marks a place in the stream. It lives in the
    /// gate's schema, which is then made before the gate is needed.
    /// </summary>
    /// <exception cref="MigrationException">PB0706.</exception>
    public static async Task AddMarkerTableAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("gate", ct);
        if (!await IsOursAsync(source, migration, ct))
            await CreateAsync(source, migration, ct);
        await source.ExecuteAsync(GateSql.Marker, ct);
    }

    /// <summary>Nothing of an older engine can commit on the source any more, and its token opens nothing.</summary>
    public static async Task TakeAsync(Migration migration, string token, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("token", ct);
        if (await GateRow.FindAsync(source, ct) is not { } row || row.Migration != migration.Journal.Name)
            return;
        await JournalEpoch.RaiseAsync(source, migration.Journal.Epoch, ct);
        await JournalEpoch.TakeAsync(source, () => GateToken.RenewAsync(source, token, ct), ct);
    }

    /// <summary>Takes away triggers, function and schema, whatever of them is there. Writers go on meanwhile.</summary>
    /// <exception cref="MigrationException">PB0705.</exception>
    public static async Task DropAsync(Migration migration, CancellationToken ct, bool onlyTriggers = false)
    {
        await using var source = await migration.Source.OpenAsync("gate", ct);
        if (await SchemaCommentAsync(source, ct) != GateSql.SchemaComment
            || (await GateRow.FindAsync(source, ct) is { } row && row.Migration != migration.Journal.Name))
        {
            return;
        }

        while (await GateTriggers.ArmedAsync(source, ct) is { Count: > 0 } tables)
            await TableByTable.RunAsync(source, tables, GateTriggers.Disarm, migration, ct);
        if (onlyTriggers)
            return;
        await source.ExecuteAsync(
            """
            DROP FUNCTION IF EXISTS pgbaton.gate();
            DROP TABLE IF EXISTS pgbaton.gate, pgbaton.engine, pgbaton.progress, pgbaton.touched, pgbaton.waiting, pgbaton.marker;
            DROP FUNCTION IF EXISTS pgbaton.refuse_strangers();
            DROP SCHEMA pgbaton
            """,
            ct);
    }

    /// <summary>The gate there is belongs to this migration; false if there is none.</summary>
    /// <exception cref="MigrationException">PB0706: a schema pgbaton, or a gate, of somebody else.</exception>
    static async Task<bool> IsOursAsync(NpgsqlConnection source, Migration migration, CancellationToken ct)
        => await SchemaCommentAsync(source, ct) switch
        {
            null => false,
            GateSql.SchemaComment when await GateRow.FindAsync(source, ct) is { } row && row.Migration == migration.Journal.Name => true,
            GateSql.SchemaComment => throw Errors.ForeignGate(migration.Source.Address, "it holds the gate of another migration"),
            _ => throw Errors.ForeignGate(migration.Source.Address, "it is not ours, or holds the journal of a migration to that database"),
        };

    static Task<string?> SchemaCommentAsync(NpgsqlConnection source, CancellationToken ct)
        => source.QueryFirstAsync(
            "SELECT coalesce(pg_catalog.obj_description(oid, 'pg_namespace'), '') FROM pg_catalog.pg_namespace WHERE nspname = 'pgbaton'",
            row => row.GetString(0), ct);

    static async Task CreateAsync(NpgsqlConnection source, Migration migration, CancellationToken ct)
    {
        var (message, hint) = GateRow.Moved(migration.Direction, migration.Options);
        await using var transaction = await source.BeginTransactionAsync(ct);
        await source.ExecuteAsync(GateSql.GateSchema, ct);
        await source.ExecuteAsync(GateSql.Side, ct);
        await source.ExecuteAsync(GateSql.Gate, ct);
        await source.ExecuteAsync(GateSql.GateArmed, ct);
        await GateRow.WriteAsync(source, migration.Journal.Name, isClosed: false, migration.Source.Token!, message, hint, ct);
        await transaction.CommitAsync(ct);
    }
}

using Npgsql.Replication;
using PgBaton.Catalog;
using PgBaton.Postgres;
using ReplicationSlot = PgBaton.Postgres.ReplicationSlot;

namespace PgBaton.Relay;

/// <summary>From here on the source keeps every change until it has been applied.</summary>
static class CreateSlot
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("slot", ct);
        var scope = new Scope(migration.Options);
        var tables = (await Table.ListAsync(source, ct)).Where(table => table.HoldsRows && table.IsLogged && scope.Includes(table)).ToList();
        await ReplicaIdentity.MakeFullAsync(migration, source, tables, ct);

        // The publication first: a slot decodes with the catalog of the past, in which the publication must exist.
        await ReplicationSlot.DropAsync(source, migration.Journal.SlotName, ct);
        await Publication.CreateAsync(source, migration.Journal.SlotName, [.. tables.Select(table => table.QualifiedName)], ct);
        var consistentPoint = await CreateAsync(migration, ct);

        await migration.Journal.TakeTurnAsync(c => c.ExecuteAsync("UPDATE pgbaton.progress SET lsn = $1", ct, consistentPoint), ct);
        await migration.Journal.SetFactAsync(Fact.SlotConsistentPoint, consistentPoint.ToString(), ct);
    }

    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("slot", ct);
        await Gate.SourceGate.DropAsync(migration, ct);
        await ReplicationSlot.DropAsync(source, migration.Journal.SlotName, ct);
        await Publication.DropAsync(source, migration.Journal.SlotName, ct);
        await ReplicaIdentity.PutBackAsync(migration, source, ct);
    }

    static async Task<Lsn> CreateAsync(Migration migration, CancellationToken ct)
    {
        await using var replication = await migration.Source.OpenReplicationAsync("slot", ct);
        var slot = await SlotCreation.CreateAsync(
            migration.Source, replication, migration.Journal.SlotName, temporary: false, LogicalSlotSnapshotInitMode.NoExport,
            migration.PatienceWith(migration.Options.SlotTimeout), ct);
        await SourceHistory.RecordAsync(migration, replication, ct);
        return slot.ConsistentPoint;
    }
}

using Npgsql;
using Npgsql.Replication;
using PgBaton.Catalog;
using PgBaton.Gate;
using PgBaton.Postgres;
using ReplicationSlot = PgBaton.Postgres.ReplicationSlot;

namespace PgBaton.Relay;

/// <summary>From here on the source keeps every change until it has been applied. The same for the other way, before each cutover.</summary>
static class CreateSlot
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        if (!migration.Source.Version.HasLogicalMessages)
            await SourceGate.AddMarkerTableAsync(migration, ct);
        await using var source = await migration.Source.OpenAsync("slot", ct);
        var scope = new Scope(migration.Options);
        var tables = (await Table.ListAsync(source, ct)).FindAll(table => table.HoldsRows && table.IsLogged && scope.Includes(table));
        var consistentPoint = await MakeAsync(migration, migration.Direction, source, tables, ct);
        await migration.Journal.TakeTurnAsync(c => c.ExecuteAsync("UPDATE pgbaton.progress SET lsn = $1", ct, consistentPoint), ct);
        await migration.Journal.SetFactAsync(Fact.SlotConsistentPoint, consistentPoint.ToString(), ct);
    }

    /// <summary>For the other way: the tables that were copied, and besides them the progress, which marks transactions as our own.</summary>
    /// <returns>Where the slot's stream begins.</returns>
    /// <exception cref="MigrationException">PB0401, PB0508.</exception>
    public static async Task<Lsn> MakeOppositeAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction.Opposite;
        await using var publisher = await direction.Publisher.OpenAsync("slot", ct);
        var copied = await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync("SELECT schema, name FROM pgbaton.relation", row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct), ct);
        var tables = (await Table.ListAsync(publisher, ct)).FindAll(table => table.HoldsRows && table.IsLogged && copied.Contains(table.QualifiedName));
        return await MakeAsync(migration, direction, publisher, tables, ct, Relations.Progress);
    }

    /// <summary>Slot and publication of one way, and the subscription on that slot. Nothing happens if there are none.</summary>
    public static async Task DropAsync(Direction direction, CancellationToken ct)
    {
        await using (var subscriber = await direction.Subscriber.OpenAsync("slot", ct))
            await LogicalSubscription.DropAsync(subscriber, direction.SlotName, TimeProvider.System, ct);
        await using var publisher = await direction.Publisher.OpenAsync("slot", ct);
        await ReplicationSlot.DropAsync(publisher, direction.SlotName, ct);
        await Publication.DropAsync(publisher, direction.SlotName, ct);
    }

    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        await SourceGate.DropAsync(migration, ct);
        await UndoAsync(migration, migration.Direction, ct);
        await UndoAsync(migration, migration.Direction.Opposite, ct);
    }

    /// <summary>One way: slot and publication go, replica identities are as they were.</summary>
    public static async Task UndoAsync(Migration migration, Direction direction, CancellationToken ct)
    {
        await DropAsync(direction, ct);
        await using var publisher = await direction.Publisher.OpenAsync("slot", ct);
        await ReplicaIdentity.PutBackAsync(migration, direction.Publisher.Side, publisher, ct);
    }

    static async Task<Lsn> MakeAsync(
        Migration migration, Direction direction, NpgsqlConnection publisher, List<Table> tables, CancellationToken ct, params string[] besides)
    {
        await ReplicaIdentity.MakeFullAsync(migration, direction.Publisher.Side, publisher, tables, ct);
        // The publication first: a slot decodes with the catalog of the past, in which the publication must exist.
        await ReplicationSlot.DropAsync(publisher, direction.SlotName, ct);
        if (!direction.Publisher.Version.HasLogicalMessages)
            besides = [.. besides, Marker.Table];
        await PublishedTables.ChangeAsync(
            migration, direction, publisher,
            () => Publication.CreateAsync(publisher, direction.SlotName, [.. tables.Select(table => table.QualifiedName), .. besides], ct), ct);
        await using var replication = await direction.Publisher.OpenReplicationAsync("slot", ct);
        var slot = await SlotCreation.CreateAsync(
            direction.Publisher, replication, direction.SlotName, temporary: false, LogicalSlotSnapshotInitMode.NoExport,
            migration.PatienceWith(migration.Options.SlotTimeout), ct);
        await SourceHistory.RecordAsync(migration, direction.Publisher.Side, replication, ct);
        return slot.ConsistentPoint;
    }
}

using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>Decides how each table that is not whole is copied from a snapshot, and begins its generation in the journal.</summary>
static class CopyPlan
{
    /// <exception cref="MigrationException">PB0404, PB0405, PB0406, PB0407.</exception>
    public static async Task<IReadOnlyList<TableCopy>> MakeAsync(
        Migration migration, ExportedSnapshot snapshot, IReadOnlyList<(uint Oid, string Schema, string Name)> unfinished, CancellationToken ct)
    {
        await using var target = await TargetSession.OpenAsync(CopyRoute.Of(migration), ct);
        await using var source = await snapshot.OpenReaderAsync(migration.Source, "copy", ct);
        var planned = await PlanAsync(migration, source, target, unfinished, ct);
        return await BeginAsync(migration, target, planned, unfinished, snapshot.ConsistentPoint, ct);
    }

    /// <summary>The same for a worker that joins: as the engine has begun it, in the parts that the journal has.</summary>
    /// <exception cref="MigrationException">PB0404, PB0405, PB0406.</exception>
    public static async Task<IReadOnlyList<TableCopy>> JoinAsync(CopyRoute route, Snapshot snapshot, bool mayHaveMore, CancellationToken ct)
    {
        await using var target = await TargetSession.OpenAsync(route, ct);
        await using var source = await snapshot.OpenReaderAsync(route.Source, "copy", ct);
        var parts = (await CopyJournal.PartsAsync(target.Connection, snapshot.ConsistentPoint, ct)).ToLookup(part => part.Table.Oid);
        var tables = await ReadAsync(route.Source.Version, source, target, [.. parts.Select(table => table.First().Table)], mayHaveMore, ct);
        return [.. tables.Select(table => Join(table, [.. parts[table.Oid]]))];
    }

    static TableCopy Join(TableCopy table, IReadOnlyList<JournalPart> parts)
        => table with { Conditions = [.. parts.Select(part => part.Condition)], Generation = parts[0].Generation };

    static async Task<List<TableCopy>> PlanAsync(
        Migration migration, NpgsqlConnection source, TargetSession target, IReadOnlyList<(uint Oid, string Schema, string Name)> unfinished,
        CancellationToken ct)
    {
        var tables = await ReadAsync(migration.Source.Version, source, target, unfinished, migration.Options.ExistingSchema, ct);
        var partBytes = migration.Options.SplitLargerThan;
        var large = tables.Where(table => table.Source.Bytes > partBytes).Select(table => table.Oid).ToList();
        var pages = await CtidRanges.PagesAsync(source, migration.Source.Version, large, ct);
        return [.. tables.Select(
            table => table with { Conditions = CtidRanges.Cut(table.Source.Bytes, pages.GetValueOrDefault(table.Oid), partBytes) })];
    }

    // Each of them whole, as the snapshot of that session sees it.
    static async Task<List<TableCopy>> ReadAsync(
        ServerVersion version, NpgsqlConnection source, TargetSession target, IReadOnlyList<(uint Oid, string Schema, string Name)> wanted, bool mayHaveMore,
        CancellationToken ct)
    {
        var all = (await Table.ListAsync(source, ct)).ToDictionary(table => table.Oid);
        var tables = wanted
            .Select(table => all.GetValueOrDefault(table.Oid) ?? throw Errors.SourceTableGone(Sql.Identifier(table.Schema, table.Name)))
            .Where(table => table.HoldsRows).ToList();
        var oids = tables.Select(table => table.Oid).ToArray();
        var targets = await TargetTables.ReadAsync(target, [.. tables.Select(table => (table.Schema, table.Name))], ct);
        var columns = await Column.ListAsync(source, oids, ct);
        var types = new TypeShapes(await DataType.ListAsync(source, columns.SelectMany(table => table).Select(column => column.TypeOid), ct));
        var identities = await TableIdentity.ListAsync(source, version, oids, ct);
        return [.. tables.Select(table => Plan(table, [.. columns[table.Oid]], targets, types, identities[table.Oid], mayHaveMore))];
    }

    static TableCopy Plan(
        Table source, IReadOnlyList<Column> columns, TargetTables targets, TypeShapes types, TableIdentity identity,
        bool mayHaveMore)
    {
        var target = targets.Find(source) ?? throw Errors.DoesNotFit(source.QualifiedName, "the target has no such table");
        var receiving = targets.ColumnsOf(target).ToDictionary(column => column.Name);
        var sent = Sent(source, columns, receiving, mayHaveMore);
        return new TableCopy(
            source, target, identity, sent, NeedsQuery: sent.Count == 0 || sent.Exists(column => column.IsGenerated),
            sent.TrueForAll(column => types.Of(column.TypeOid) is { } shape && shape == targets.ShapeOf(receiving[column.Name])),
            targets.IsReferenced(target), Conditions: [null]);
    }

    static List<Column> Sent(Table source, IReadOnlyList<Column> columns, Dictionary<string, Column> receiving, bool mayHaveMore)
    {
        foreach (var column in columns)
        {
            if (!receiving.TryGetValue(column.Name, out var there))
                throw Errors.DoesNotFit(source.QualifiedName, $"column {column.QuotedName} does not exist on the target");
            if (there.IsGenerated && !column.IsGenerated)
                throw Errors.DoesNotFit(source.QualifiedName, $"column {column.QuotedName} is generated on the target");
        }

        var sent = columns.Where(column => !receiving[column.Name].IsGenerated).ToList();
        var more = receiving.Values.FirstOrDefault(column => !column.IsGenerated && sent.TrueForAll(known => known.Name != column.Name));
        if (more is not null && (!mayHaveMore || sent.Count == 0))
            throw Errors.DoesNotFit(source.QualifiedName, $"column {more.QuotedName} of the target does not exist on the source");
        return sent;
    }

    // A table that is split is emptied in the transaction that begins its generation: none of its parts can be claimed before.
    static async Task<IReadOnlyList<TableCopy>> BeginAsync(
        Migration migration, TargetSession target, List<TableCopy> planned, IReadOnlyList<(uint Oid, string Schema, string Name)> unfinished,
        Lsn consistentPoint, CancellationToken ct)
    {
        var begun = new List<TableCopy>();
        foreach (var table in planned.Where(table => table.IsSplit))
            begun.AddRange(await BeginOneTransactionAsync(migration, target, [table], [], consistentPoint, ct));
        var whole = planned.Where(table => !table.IsSplit).ToList();
        var withoutRows = unfinished.Select(table => table.Oid).Except(planned.Select(table => table.Oid)).ToList();
        begun.AddRange(await BeginOneTransactionAsync(migration, target, whole, withoutRows, consistentPoint, ct));
        return begun;
    }

    static async Task<IEnumerable<TableCopy>> BeginOneTransactionAsync(
        Migration migration, TargetSession target, List<TableCopy> tables, List<uint> withoutRows, Lsn consistentPoint, CancellationToken ct)
    {
        await using var transaction = await target.Connection.BeginTransactionAsync(ct);
        foreach (var table in tables.Where(table => table.IsSplit))
            await target.EmptyAsync(table, ct);
        var generations = await CopyJournal.BeginAsync(target.Connection, tables, consistentPoint, ct);
        await CopyJournal.MarkEmptyAsync(target.Connection, withoutRows, consistentPoint, ct);
        await JournalEpoch.CheckAsync(target.Connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        return tables.Select(table => table with { Generation = generations[table.Oid] });
    }
}

using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Tables;

/// <summary>Carries out the word <c>tables</c>: what is moved becomes more or less. The rest is drift, and settled as such.</summary>
static class ChangeScope
{
    /// <summary>Returns the new scope; it is in the journal then. May be run again.</summary>
    /// <exception cref="MigrationException">PB0314: no table has such a name. PB0315: its schema is not moved. PB0209: it cannot be left out any more.</exception>
    public static async Task<JournalScope> RunAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        await using var writer = await migration.Direction.Publisher.OpenAsync("tables", ct);
        var tables = await Table.ListAsync(writer, ct);
        var options = migration.Options;
        var added = await MatchingAsync(writer, tables, arguments.AddTables, ct);
        var removed = await MatchingAsync(writer, tables, arguments.RemoveTables, ct);
        if (added.Find(table => !new Scope(options).IncludesSchema(table.Schema)) is { } outside)
            throw Errors.SchemaNotMoved(outside.QualifiedName, outside.Schema);
        if (migration.Direction.IsBack)
            await JoinBack.MustBeNewAsync(writer, removed, ct);
        var (more, less) = (added.Select(table => table.QualifiedName).ToList(), removed.Select(table => table.QualifiedName).ToList());
        var scope = JournalScope.Of(options) with
        {
            AddedTables = [.. options.AddedTables.Except(less).Union(more)],
            RemovedTables = [.. options.RemovedTables.Except(more).Union(less)],
        };
        await migration.Journal.TakeTurnAsync(c => JournalHeader.WriteScopeAsync(c, scope, migration.Journal.Epoch, ct), ct);
        return scope;
    }

    // A partitioned table goes with all its partitions.
    static async Task<List<Table>> MatchingAsync(
        Npgsql.NpgsqlConnection writer, List<Table> tables, IReadOnlyList<string> patterns, CancellationToken ct)
    {
        var found = new HashSet<uint>();
        foreach (var pattern in patterns)
        {
            var matching = tables.FindAll(table => Scope.Matches(pattern, table.Schema, table.Name));
            if (matching.Count == 0)
                throw Errors.NoSuchTable(pattern);
            found.UnionWith(matching.Select(table => table.Oid));
        }

        found.UnionWith(await writer.QueryAsync(
            """
            WITH RECURSIVE below (oid) AS (
                SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = ANY ($1) AND c.relispartition
                 UNION ALL
                SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON b.oid = i.inhparent)
            SELECT oid FROM below
            """, row => row.GetFieldValue<uint>(0), ct, found.ToArray()));
        return tables.FindAll(table => found.Contains(table.Oid));
    }
}

using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Tables that inherit. CREATE TABLE … INHERITS, which is how pg_dump makes one, puts the parents' columns first. Where the table became a child later, or a
/// parent got a column later, they stand elsewhere, and an INSERT that names no columns would put values where they do not belong.
/// </summary>
sealed class ChildTables
{
    readonly Dictionary<uint, ChildTable> _tables;

    ChildTables(IEnumerable<ChildTable> tables) => _tables = tables.ToDictionary(table => table.Oid);

    public static async Task<ChildTables> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
        => new(await connection.QueryAsync(Query.ChildTables, ChildTable.Read, ct));

    /// <summary>Those that a target will have with another order of columns, and that order.</summary>
    public IEnumerable<(ChildTable Table, IEnumerable<string> Order)> OutOfOrder
        => _tables.Values.Select(table => (Table: table, Order: Made(table))).Where(made => !made.Table.Columns.SequenceEqual(made.Order));

    /// <summary>Entries of an archive; tables that were made by themselves before they became children are made so again, where that makes a difference.</summary>
    public List<ArchiveEntry> InOrder(List<ArchiveEntry> entries) => entries.ConvertAll(entry =>
        entry.Kind is "TABLE" or "FOREIGN TABLE" && _tables.TryGetValue(entry.ObjectOid, out var table)
            && table is { IsOwn: true, Parents: not [] } && !table.Columns.SequenceEqual(Merged(table))
            ? entry with { Definition = Alone(table, entry.Definition) } : entry);

    IEnumerable<string> Made(ChildTable table) => table.IsOwn ? table.Columns : Merged(table);

    IEnumerable<string> Merged(ChildTable table) => Parents(table).SelectMany(Made).Union(table.Columns);

    IEnumerable<ChildTable> Parents(ChildTable table) => table.Parents.Where(_tables.ContainsKey).Select(parent => _tables[parent]);

    string Alone(ChildTable table, string definition)
    {
        var notNull = table.NotNull.Select(column => $"ALTER TABLE ONLY {table.QualifiedName} ALTER COLUMN {Sql.Identifier(column)} SET NOT NULL;\n");
        var inherit = Parents(table).Select(parent => $"ALTER TABLE ONLY {table.QualifiedName} INHERIT {parent.QualifiedName};\n");
        return string.Concat([SchemaText.WithoutInherits(definition), .. notNull, .. inherit]);
    }
}

/// <summary>One that inherits, or is inherited.</summary>
/// <param name="Parents">Empty for a table that is only a parent.</param>
/// <param name="Columns">In order.</param>
/// <param name="NotNull">Those that may not be null.</param>
/// <param name="IsOwn">Every column and check is the table's own: it is no child, or was a table by itself before.</param>
sealed record ChildTable(uint Oid, string Schema, string Name, uint[] Parents, string[] Columns, string[] NotNull, bool IsOwn)
{
    public string QualifiedName => Sql.Identifier(Schema, Name);

    public static ChildTable Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetFieldValue<uint[]>(3), row.GetNullable<string[]>(4) ?? [],
        row.GetNullable<string[]>(5) ?? [], row.GetBoolean(6));
}

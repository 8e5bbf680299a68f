using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>The tables of the target that rows go into, and what there could act on them.</summary>
sealed class TargetTables
{
    readonly Dictionary<(string Schema, string Name), Table> _tables;
    readonly ILookup<uint, Column> _columns;
    readonly HashSet<uint> _referenced;
    readonly TypeShapes _shapes;

    TargetTables(Dictionary<(string Schema, string Name), Table> tables, ILookup<uint, Column> columns, HashSet<uint> referenced, TypeShapes shapes)
        => (_tables, _columns, _referenced, _shapes) = (tables, columns, referenced, shapes);

    /// <exception cref="MigrationException">PB0406: a trigger or a foreign key would act on the rows.</exception>
    public static async Task<TargetTables> ReadAsync(TargetSession session, IReadOnlyList<(string Schema, string Name)> names, CancellationToken ct)
    {
        var connection = session.Connection;
        var wanted = names.ToHashSet();
        var tables = (await Table.ListAsync(connection, ct))
            .Where(table => wanted.Contains((table.Schema, table.Name))).ToDictionary(table => (table.Schema, table.Name));
        var oids = tables.Values.Select(table => table.Oid).ToArray();
        await RefuseActorsAsync(session, oids, ct);
        var columns = await Column.ListAsync(connection, oids, ct);
        var types = await DataType.ListAsync(connection, columns.SelectMany(table => table).Select(column => column.TypeOid), ct);
        return new TargetTables(tables, columns, await ReferencedAsync(connection, oids, ct), new TypeShapes(types));
    }

    public Table? Find(Table source) => _tables.GetValueOrDefault((source.Schema, source.Name));

    public IEnumerable<Column> ColumnsOf(Table target) => _columns[target.Oid];

    public bool IsReferenced(Table target) => _referenced.Contains(target.Oid);

    /// <summary>Null if a value cannot travel in binary form.</summary>
    public string? ShapeOf(Column column) => _shapes.Of(column.TypeOid);

    // A table that only refers to itself can be truncated.
    static async Task<HashSet<uint>> ReferencedAsync(NpgsqlConnection connection, uint[] oids, CancellationToken ct)
        => [.. await connection.QueryAsync(
            "SELECT DISTINCT confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = ANY ($1) AND conrelid <> confrelid",
            row => row.GetFieldValue<uint>(0), ct, oids)];

    // Triggers that would change, drop or double rows, and foreign keys that would be checked while the tables they refer to are still empty.
    // In the replica role only triggers enabled ALWAYS or REPLICA fire, and no foreign key. The gate lets us pass.
    static async Task RefuseActorsAsync(TargetSession session, uint[] oids, CancellationToken ct)
    {
        const string insertTruncateOrDelete = "44";
        var fires = session.IsReplica ? "'A', 'R'" : "'O', 'A'";
        var found = await session.Connection.QueryFirstAsync(
            $"""
            SELECT n.nspname::text, c.relname::text, actor.kind, actor.name
              FROM (SELECT tgrelid AS oid, 'trigger' AS kind, tgname::text AS name
                      FROM pg_catalog.pg_trigger
                     WHERE NOT tgisinternal AND tgname <> 'pgbaton_gate' AND tgenabled IN ({fires}) AND tgtype & {insertTruncateOrDelete} <> 0
                     UNION ALL
                    SELECT conrelid, 'foreign key', conname::text
                      FROM pg_catalog.pg_constraint
                     WHERE contype = 'f' AND NOT {(session.IsReplica ? "true" : "false")}) actor
              JOIN pg_catalog.pg_class c ON c.oid = actor.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ANY ($1)
             ORDER BY 1, 2, 3, 4
             LIMIT 1
            """,
            row => new
            {
                Table = Sql.Identifier(row.GetString(0), row.GetString(1)),
                Kind = row.GetString(2),
                Name = Sql.Identifier(row.GetString(3)),
            },
            ct, oids);
        if (found is not null)
            throw Errors.TargetWouldAct(found.Table, found.Kind, found.Name, session.IsReplica);
    }
}

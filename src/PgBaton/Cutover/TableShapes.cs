using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// What DDL would change while the gate is closed: a rewritten table sends no row through the stream, and a new one has no gate. For each
/// table in scope its file and a digest of its columns.
/// </summary>
sealed record TableShapes(Dictionary<string, (uint Filenode, string Columns)> Tables)
{
    public static async Task<TableShapes> ReadAsync(NpgsqlConnection source, MigrationOptions options, CancellationToken ct)
    {
        var scope = new Scope(options);
        var rows = await source.QueryAsync(
            Query.TableShapes,
            row => (Schema: row.GetString(0), Name: row.GetString(1), Filenode: row.GetFieldValue<uint>(2), Columns: row.GetString(3)), ct);
        return new TableShapes(rows.Where(row => scope.Includes(row.Schema, row.Name))
            .ToDictionary(row => Sql.Identifier(row.Schema, row.Name), row => (row.Filenode, row.Columns)));
    }

    /// <exception cref="MigrationException">PB0713.</exception>
    public void MustEqual(TableShapes before)
    {
        foreach (var (name, shape) in Tables)
        {
            if (!before.Tables.TryGetValue(name, out var was))
                throw Errors.SchemaChanged(name, "it was made");
            if (was != shape)
                throw Errors.SchemaChanged(name, was.Columns == shape.Columns ? "it was rewritten" : "its columns are others");
        }

        if (before.Tables.Keys.FirstOrDefault(name => !Tables.ContainsKey(name)) is { } gone)
            throw Errors.SchemaChanged(gone, "it was dropped");
    }
}

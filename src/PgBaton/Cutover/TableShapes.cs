using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>
/// What DDL would change: for each table in scope its file, its gate and a digest of its columns. A rewritten table sends no row through the
/// stream, and a new one has no gate.
/// </summary>
sealed record TableShapes(Dictionary<string, Shape> Tables)
{
    public static async Task<TableShapes> ReadAsync(NpgsqlConnection source, MigrationOptions options, CancellationToken ct)
    {
        var scope = new Scope(options);
        var rows = await source.QueryAsync(
            Query.TableShapes,
            row => (Schema: row.GetString(0), Name: row.GetString(1), Shape: new Shape(row.GetFieldValue<uint>(2), row.GetBoolean(3), row.GetString(4))), ct);
        return new TableShapes(rows.Where(row => scope.Includes(row.Schema, row.Name)).ToDictionary(row => Sql.Identifier(row.Schema, row.Name), row => row.Shape));
    }

    /// <summary>The same tables with the same columns, and each with its gate.</summary>
    /// <exception cref="MigrationException">PB0713.</exception>
    public void MustBeGatedAndHaveColumnsOf(TableShapes before)
    {
        foreach (var (name, shape) in Tables)
        {
            if (!before.Tables.TryGetValue(name, out var was))
                throw Errors.SchemaChanged(name, "it was made");
            if (was.Columns != shape.Columns)
                throw Errors.SchemaChanged(name, "its columns are others");
            if (!shape.IsGated)
                throw Errors.SchemaChanged(name, "it has no gate");
        }

        if (before.Tables.Keys.FirstOrDefault(name => !Tables.ContainsKey(name)) is { } gone)
            throw Errors.SchemaChanged(gone, "it was dropped");
    }

    /// <summary>And besides, none was rewritten.</summary>
    /// <exception cref="MigrationException">PB0713.</exception>
    public void MustEqual(TableShapes before)
    {
        MustBeGatedAndHaveColumnsOf(before);
        if (Tables.FirstOrDefault(table => before.Tables[table.Key] != table.Value).Key is { } rewritten)
            throw Errors.SchemaChanged(rewritten, "it was rewritten");
    }
}

/// <summary>One table's file (0: it has none), gate and columns.</summary>
sealed record Shape(uint Filenode, bool IsGated, string Columns);

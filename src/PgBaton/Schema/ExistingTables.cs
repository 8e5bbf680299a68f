using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>For <c>--existing-schema</c>: the target's tables must be able to hold the source's rows.</summary>
static class ExistingTables
{
    const int Batch = 200;

    /// <exception cref="MigrationException">PB0307: a table or column is missing, or has another type.</exception>
    public static async Task MustEqualAsync(NpgsqlConnection source, NpgsqlConnection target, IReadOnlyList<Table> wanted, CancellationToken ct)
    {
        var found = (await Table.ListAsync(target, ct)).ToDictionary(table => table.QualifiedName);
        var wantedColumns = await Column.ListAsync(source, wanted.Select(table => table.Oid), ct);
        var foundColumns = await Column.ListAsync(target, found.Values.Select(table => table.Oid), ct);
        List<string> differences = [];
        foreach (var table in wanted.OrderBy(table => table.QualifiedName, StringComparer.Ordinal))
        {
            if (!found.TryGetValue(table.QualifiedName, out var other))
                differences.Add($"Table {table} does not exist.");
            else if (other.Kind != table.Kind)
                differences.Add($"Table {table} is {(table.Kind == 'p' ? "partitioned" : "not partitioned")} on the source only.");
            else
                differences.AddRange(Compare(table, wantedColumns[table.Oid], foundColumns[other.Oid]));
        }

        if (differences.Count > 0)
            throw Errors.ExistingTablesDiffer(differences);
    }

    /// <summary>Rows on the target would be taken away by the copy, or mixed with the source's. Asked again when the step is run again.</summary>
    /// <exception cref="MigrationException">PB0312: a table holds rows.</exception>
    public static async Task MustBeEmptyAsync(NpgsqlConnection target, IEnumerable<Table> tables, CancellationToken ct)
    {
        if (await FilledAsync(target, [.. tables.Where(table => table.HoldsRows).Select(table => table.QualifiedName)], ct) is [var filled, ..])
            throw Errors.ExistingTableHoldsRows(filled);
    }

    /// <summary>Those of the tables that hold rows of their own.</summary>
    /// <param name="target">Its session.</param>
    /// <param name="tables">Qualified and quoted.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<List<string>> FilledAsync(NpgsqlConnection target, IReadOnlyList<string> tables, CancellationToken ct)
    {
        var filled = new List<string>();
        foreach (var batch in tables.Chunk(Batch))
        {
            var sql = string.Join(" UNION ALL ", batch.Select((table, i) => $"SELECT {i} WHERE EXISTS (SELECT FROM ONLY {table})"));
            filled.AddRange((await target.QueryAsync(sql, row => row.GetInt32(0), ct)).Select(i => batch[i]));
        }

        return filled;
    }

    // A column that only the target has is left to its default.
    static IEnumerable<string> Compare(Table table, IEnumerable<Column> wanted, IEnumerable<Column> found)
    {
        var byName = found.ToDictionary(column => column.Name);
        foreach (var column in wanted)
        {
            if (!byName.TryGetValue(column.Name, out var other))
                yield return $"Table {table} has no column {column.QuotedName}.";
            else if (other.Type != column.Type)
                yield return $"Column {column.QuotedName} of table {table} is {other.Type}, not {column.Type}.";
            else if (other.IsGenerated != column.IsGenerated)
                yield return $"Column {column.QuotedName} of table {table} is generated on one side only.";
        }
    }
}

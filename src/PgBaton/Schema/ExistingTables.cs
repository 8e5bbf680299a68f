using Npgsql;
using PgBaton.Catalog;

namespace PgBaton.Schema;

/// <summary>For <c>--existing-schema</c>: the target's tables must be able to hold the source's rows.</summary>
static class ExistingTables
{
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

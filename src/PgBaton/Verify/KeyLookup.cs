using PgBaton.Catalog;

namespace PgBaton.Verify;

/// <summary>Finds rows of one side by keys that came as text: <c>$1</c>, <c>$2</c> … are arrays, one for each column of the key.</summary>
/// <param name="Columns">Of the key, as this side has them.</param>
/// <param name="Equalities">By type.</param>
sealed record KeyLookup(IReadOnlyList<Column> Columns, IReadOnlyDictionary<uint, Equality> Equalities)
{
    /// <summary>What stands after JOIN.</summary>
    /// <param name="alias">Of the table.</param>
    public string Join(string alias)
    {
        var arrays = string.Join(", ", Columns.Select((_, i) => $"pg_catalog.unnest(${i + 1}::text[])"));
        var names = string.Join(", ", Columns.Select((_, i) => $"c{i + 1}"));
        var equal = Columns.Select((column, i) => Equalities[column.TypeOid].Of($"{alias}.{column.QuotedName}", $"wanted.c{i + 1}"));
        return $"ROWS FROM ({arrays}) AS wanted ({names}) ON {string.Join(" AND ", equal)}";
    }

    /// <summary>The parameters of some keys.</summary>
    public static object[] Parameters(IReadOnlyCollection<string[]> keys, int columns)
        => [.. Enumerable.Range(0, columns).Select(i => (object)keys.Select(key => key[i]).ToArray())];
}

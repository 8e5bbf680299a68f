using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>Finds rows of one side by keys that came as text: <c>$1</c>, <c>$2</c> … are arrays, one for each column of the key.</summary>
/// <param name="Columns">Of the key, as this side has them.</param>
/// <param name="Equalities">The schema of a type's operator =, where it is not pg_catalog.</param>
sealed record KeyLookup(IReadOnlyList<Column> Columns, IReadOnlyDictionary<uint, string> Equalities)
{
    /// <summary>What stands after JOIN.</summary>
    /// <param name="alias">Of the table.</param>
    public string Join(string alias)
    {
        var arrays = string.Join(", ", Columns.Select((_, i) => $"pg_catalog.unnest(${i + 1}::text[])"));
        var names = string.Join(", ", Columns.Select((_, i) => $"c{i + 1}"));
        var equal = Columns.Select((column, i) =>
            $"{alias}.{column.QuotedName} OPERATOR({Sql.Identifier(Equalities.GetValueOrDefault(column.TypeOid, "pg_catalog"))}.=) wanted.c{i + 1}::{column.Type}");
        return $"ROWS FROM ({arrays}) AS wanted ({names}) ON {string.Join(" AND ", equal)}";
    }

    /// <summary>The parameters of some keys.</summary>
    public static object[] Parameters(IReadOnlyCollection<string[]> keys, int columns)
        => [.. Enumerable.Range(0, columns).Select(i => (object)keys.Select(key => key[i]).ToArray())];
}

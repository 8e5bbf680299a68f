using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>
/// The queries that read one table of both sides: the same expressions over the same columns in the same order. A row is printed by
/// <c>ROW(…)::text</c>, which calls each type's output function (a cast of the column to text would strip a char(n) of its blanks and keep
/// the encoding declaration of an xml), and tells null from empty.
/// </summary>
sealed class TableDigest
{
    // 64 Ki buckets would take more memory than the smallest work_mem grants to a hash table.
    const int MostBuckets = 16384;
    const int RowsInBucket = 1000;
    const uint CharOid = 18;

    static readonly HashSet<string> _ofFloats = ["point", "lseg", "path", "box", "polygon", "line", "circle"];

    readonly RowDigest _digest;
    readonly string _alias, _row;
    readonly string? _key;
    readonly int _mask;
    readonly IReadOnlyList<string> _values;
    readonly HashSet<string> _numbered;

    public TableDigest(TableShape source, TableShape target, RowDigest digest)
    {
        _digest = digest;
        _alias = Alias(source, target);
        _numbered = [.. source.Columns.Where(column => IsChar(column) && IsChar(target.Columns.First(other => other.Name == column.Name))).Select(column => column.Name)];
        _values = [.. source.Columns.Select(Print)];
        Func<Column, string> print = source.HasShortestFloats == target.HasShortestFloats ? Print : PrintBits;
        var printed = source.Columns.ToDictionary(column => column.Name, print);
        _row = Row(source.Columns.Select(column => printed[column.Name]));
        _key = source.Key.Count == 0 ? null : Row(source.Key.Select(name => printed[name]));
        _mask = BucketsFor(source.Table) - 1;
    }

    /// <summary>A power of two, so that the bucket is the last bits of the key's hash.</summary>
    public int Buckets => _mask + 1;

    /// <summary>Rows of bucket, number of rows, sum of h1, sum of h2. Sums, not XOR, which would lose pairs of equal rows.</summary>
    public string SumsOf(Piece piece)
        => $"""
            SELECT (kh & {_mask})::int, pg_catalog.count(*), pg_catalog.sum(h1), pg_catalog.sum(h2)
              FROM ({Hashed(piece)}) AS hashed GROUP BY 1
            """;

    /// <summary>Rows of key, h1, h2, how often, where they lie (or where one of them does); of the buckets <c>$1</c>.</summary>
    public string RowsOf(Piece piece, bool everyPlace)
        => $"""
            SELECT k COLLATE pg_catalog."C", h1, h2, pg_catalog.count(*),
                   {(everyPlace ? "pg_catalog.array_agg(at::text)" : "ARRAY[pg_catalog.min(at::text)]")}
              FROM ({Hashed(piece)}) AS hashed WHERE (kh & {_mask})::int = ANY ($1) GROUP BY 1, 2, 3
            """;

    /// <summary>Rows of key, h1, h2, how often, where one of them lies; of the rows that a <see cref="KeyLookup"/> finds.</summary>
    public string FoundRowsOf(Piece whole, KeyLookup lookup)
        => $"""
            SELECT k COLLATE pg_catalog."C", h1, h2, pg_catalog.count(*), ARRAY[pg_catalog.min(at::text)]
              FROM ({_digest.Select(
                $"SELECT {_row} AS r, {_key} AS k, {_alias}.ctid AS at FROM {whole.Relation} AS {_alias} JOIN {lookup.Join(_alias)} OFFSET 0", hasKey: true)}) AS hashed
             GROUP BY 1, 2, 3
            """;

    /// <summary>Rows of ctid, values as text in the order of the source's columns; of the rows that lie at <c>$1</c>.</summary>
    /// <param name="piece">Of the table that holds them.</param>
    /// <param name="longest">A value of more characters is told by their number and its SHA-256.</param>
    public string ValuesOf(Piece piece, int longest)
        => $"""
            SELECT {_alias}.ctid::text, ARRAY(
                       SELECT CASE WHEN pg_catalog.length(v) > {longest}
                                   THEN pg_catalog.format('(%s characters, sha256 %s)', pg_catalog.length(v),
                                                          pg_catalog.encode(pg_catalog.sha256({Sql.Bytes("v")}), 'hex'))
                                   ELSE v END
                         FROM pg_catalog.unnest(ARRAY[{string.Join(", ", _values.Select(Text))}]::text[]) WITH ORDINALITY AS u (v, n) ORDER BY n)
              FROM {piece.Relation} AS {_alias} WHERE {_alias}.ctid = ANY ($1::tid[])
            """;

    /// <summary>The other way: a value as <see cref="ValuesOf"/> printed it, where a command wants the column's.</summary>
    public string Parameter(Column column, int number) => _numbered.Contains(column.Name) ? $"${number}::pg_catalog.int4::pg_catalog.\"char\"" : $"${number}";

    // Not a cast, which would strip a char(n) of its blanks; and not IS NULL, which asks for the fields of a composite value.
    static string Text(string value) => $"CASE WHEN {value} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {value}) END";

    string Hashed(Piece piece)
        => _digest.Select(
            $"""
            SELECT {_row} AS r, {(_key is null ? "" : $"{_key} AS k, ")}{_alias}.ctid AS at
              FROM {piece.Relation} AS {_alias}{Where(piece)} OFFSET 0
            """,
            hasKey: _key is not null);

    string Where(Piece piece) => (piece.From, piece.Before) switch
    {
        (null, null) => "",
        (null, { } before) => $" WHERE {_alias}.ctid < '({before},0)'",
        ({ } from, null) => $" WHERE {_alias}.ctid >= '({from},0)'",
        ({ } from, { } before) => $" WHERE {_alias}.ctid >= '({from},0)' AND {_alias}.ctid < '({before},0)'",
    };

    static string Row(IEnumerable<string> expressions) => $"ROW({string.Join(", ", expressions)})::pg_catalog.text";

    // "char" above 127 is printed as the byte itself up to 15, as \ooo since: as a number it is the same everywhere.
    string Print(Column column)
        => _numbered.Contains(column.Name) ? $"{_alias}.{column.QuotedName}::pg_catalog.int4" : $"{_alias}.{column.QuotedName}";

    // Digits of one server would never be those of the other. Not-a-numbers differ in bits that mean nothing.
    string PrintBits(Column column)
    {
        var (value, type) = (Print(column), column.Type);
        return type is "real" or "double precision"
            ? $"CASE WHEN {value} <> 'NaN' THEN pg_catalog.{(type == "real" ? "float4send" : "float8send")}({value}) WHEN {value} = 'NaN' THEN 'NaN' END"
            : _ofFloats.Contains(type) ? $"pg_catalog.{type}_send({value})"
            : type.EndsWith("[]", StringComparison.Ordinal) && (type is "real[]" or "double precision[]" || _ofFloats.Contains(type[..^2])) ? $"pg_catalog.array_send({value})"
            : value;
    }

    static bool IsChar(Column column) => column.TypeOid == CharOid;

    // A name that no column has: one that a column has could stand for the column.
    static string Alias(TableShape source, TableShape target)
    {
        var taken = source.Columns.Concat(target.Columns).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var alias = "row";
        while (taken.Contains(alias))
            alias += "_";
        return Sql.Identifier(alias);
    }

    // A table that was never analysed has no estimate: then a row is taken to have 100 bytes.
    static int BucketsFor(Table table)
    {
        var wanted = Math.Max(table.RowsEstimate, table.Bytes / 100) / RowsInBucket;
        return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(wanted, 1, MostBuckets));
    }
}

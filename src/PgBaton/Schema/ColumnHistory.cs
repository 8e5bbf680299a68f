using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Which columns of a table, or attributes of a composite type, are still the same. A column keeps its number (<c>attnum</c>) whatever it is called, and one that is dropped and added again gets
/// another: no definition tells the first from one that is new, or the second from one that was left alone.
/// </summary>
/// <param name="Then">Names by number, as the journal has them; null for one that was dropped. Null as a whole: not known.</param>
/// <param name="Now">Likewise, on the source.</param>
sealed record ColumnHistory(IReadOnlyList<string?>? Then, IReadOnlyList<string?>? Now)
{
    /// <summary>Of something that has no numbers in the journal.</summary>
    public static ColumnHistory Unknown { get; } = new(null, null);

    public bool IsKnown => Then is not null && Now is not null;

    /// <summary>Dropped and added again by the same name: their values are others, and in no stream. Where one was renamed and another took its name, none was dropped.</summary>
    public IReadOnlyList<string> Anew { get; } = Then is null || Now is null ? []
        : [.. Then.Index().Where(column => column.Item is not null && Now.Contains(column.Item) && Now.ElementAtOrDefault(column.Index) is null).Select(column => column.Item!)];

    /// <summary>The same column under another name.</summary>
    public IReadOnlyList<(string From, string To)> Renamed { get; } = Then is null || Now is null ? []
        : [.. Then.Zip(Now).Where(column => column is { First: not null, Second: not null } && column.First != column.Second).Select(column => (column.First!, column.Second!))];

    /// <summary>By the oids of catalog and object: names by number of a table and of a composite type, and of an enum its labels, each behind its oid.</summary>
    public static async Task<Dictionary<(uint Class, uint Object), string?[]>> NumbersAsync(NpgsqlConnection source, CancellationToken ct)
        => (await source.QueryAsync(
                Query.PartNumbers, row => (Of: (row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1)), Names: row.GetFieldValue<string?[]>(2)), ct))
            .ToDictionary(parts => parts.Of, parts => parts.Names);

    /// <summary>As the server reads a <c>text[]</c>.</summary>
    public static string? Literal(IReadOnlyList<string?>? names)
        => names is null ? null : $"{{{string.Join(',', names.Select(name => name is null ? "NULL" : $"\"{name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";
}

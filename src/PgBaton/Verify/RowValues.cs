using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>The values of rows, read where they lie in the very snapshots that were compared.</summary>
static class RowValues
{
    // What a person reads; longer ones are told by length and hash.
    const int Longest = 1000;

    // Values of so many rows are in memory at a time.
    const int RowsAtATime = 500;

    /// <summary>For an operator who asked for them. Rows of a partitioned table are left without: a place is not enough to find them.</summary>
    public static async Task<IReadOnlyList<RowDifference>> AddAsync(
        TablePair pair, TableDigest table, IReadOnlyList<RowDifference> rows, CancellationToken ct)
    {
        if (!pair.HoldsRows)
            return rows;
        var ours = await ReadAllAsync(pair.Source, pair.Left!, table, rows.Select(row => row.SourceCtid), ct);
        var theirs = await ReadAllAsync(pair.Target, pair.Right!, table, rows.Select(row => row.TargetCtid), ct);
        return [.. rows.Select(row => row with { Values = Compare(pair.Left!, Find(ours, row.SourceCtid), Find(theirs, row.TargetCtid)) })];
    }

    /// <summary>By place, whole, some rows at a time.</summary>
    /// <exception cref="TableChangedException">Look again under younger snapshots.</exception>
    public static async IAsyncEnumerable<IReadOnlyDictionary<string, string?[]>> ReadAsync(
        SnapshotReader reader, TableShape shape, TableDigest table, IEnumerable<string> ctids,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var some in ctids.Chunk(RowsAtATime))
            yield return await ReadAsync(reader, shape, table, some, int.MaxValue, ct);
    }

    static Task<IReadOnlyDictionary<string, string?[]>> ReadAllAsync(
        SnapshotReader reader, TableShape shape, TableDigest table, IEnumerable<string?> ctids, CancellationToken ct)
        => ReadAsync(reader, shape, table, [.. ctids.OfType<string>()], Longest, ct);

    static async Task<IReadOnlyDictionary<string, string?[]>> ReadAsync(
        SnapshotReader reader, TableShape shape, TableDigest table, string[] ctids, int longest, CancellationToken ct)
    {
        var piece = Piece.Rows(shape);
        var rows = await reader.ReadAsync(
            shape, piece,
            session => session.QueryAsync(table.ValuesOf(piece, longest), row => (row.GetString(0), row.GetFieldValue<string?[]>(1)), ct, (object)ctids), ct);
        return rows.ToDictionary(row => row.Item1, row => row.Item2);
    }

    static string?[]? Find(IReadOnlyDictionary<string, string?[]> rows, string? ctid) => ctid is null ? null : rows[ctid];

    static List<ColumnDifference> Compare(TableShape shape, string?[]? ours, string?[]? theirs)
        => [.. shape.Columns.Select((column, i) => new ColumnDifference(column.Name, ours?[i], theirs?[i]))
            .Where(column => ours is null || theirs is null || column.Source != column.Target)];
}

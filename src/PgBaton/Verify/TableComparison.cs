using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>Compares every row of one table: sums by bucket on both sides, then the rows of the buckets that differ.</summary>
sealed class TableComparison(RowDigest digest, VerifyOptions options, Action<MigrationEvent> report)
{
    // Buckets are opened until they hold this many rows, or more if one bucket does: what is compared by key must fit in memory.
    const long RowsToOpen = 50_000;

    /// <exception cref="TableChangedException">Compare it again under younger snapshots.</exception>
    public async Task<TableVerification> RunAsync(TablePair pair, CancellationToken ct)
    {
        if (WhyDifferent(pair) is { } reason)
            return await CountedAsync(pair, reason, ct);

        var table = new TableDigest(pair, digest);
        var (ours, theirs) = (new BucketSums(table.Buckets), new BucketSums(table.Buckets));
        await ScanAsync(pair, table.SumsOf, BucketSums.Read, (side, rows) => (side == Side.Source ? ours : theirs).Add(rows), ct);

        var opened = await OpenAsync(pair, table, [.. ours.DifferingFrom(theirs)], ct);
        return new TableVerification(
            pair.Name.Schema, pair.Name.Name, ours.Total.Rows, theirs.Total.Rows, pair.Left!.Table.Bytes, $"{digest.Name}:{ours.Total}",
            IsEqual: opened is null, pair.Lsn?.ToString(), Reason: null, opened?.Listed ?? [], opened is null ? 0 : opened.Count)
        { Filenode = pair.Left!.Table.Filenode };
    }

    // Rows cannot be compared then; columns that only the target has are its own affair.
    static string? WhyDifferent(TablePair pair)
        => pair.Left is null ? "the source has no such table"
            : pair.Right is null ? "the target has no such table"
            : pair.Left.Columns.FirstOrDefault(column => pair.Right.Columns.All(other => other.Name != column.Name)) is { } lacking
                ? $"the target has no column {lacking.QuotedName}"
                : null;

    static async Task<TableVerification> CountedAsync(TablePair pair, string reason, CancellationToken ct)
    {
        var (rows, targetRows) = await pair.CountAsync(ct);
        return new TableVerification(
            pair.Name.Schema, pair.Name.Name, rows, targetRows, pair.Left?.Table.Bytes ?? 0, Digest: "",
            IsEqual: false, pair.Lsn?.ToString(), reason, [], DifferenceCount: null);
    }

    // Null if no bucket differs.
    async Task<Opened?> OpenAsync(TablePair pair, TableDigest table, IReadOnlyList<(int Bucket, long Rows)> differing, CancellationToken ct)
    {
        if (differing.Count == 0)
            return null;
        var (buckets, rows) = (new List<int>(), 0L);
        foreach (var bucket in differing.TakeWhile(_ => rows < RowsToOpen))
        {
            buckets.Add(bucket.Bucket);
            rows += bucket.Rows;
        }

        var found = new RowDifferences(pair.Left!.Key);
        await ScanAsync(pair, table.RowsOf, RowDifferences.Read, found.Add, ct, buckets.ToArray());
        var list = found.List().OrderBy(difference => difference.Key?.Length).ThenBy(difference => difference.Key, StringComparer.Ordinal).ToList();
        return new Opened([.. list.Take(options.Show)], buckets.Count == differing.Count ? list.Count : null);
    }

    // Both sides at the same time, in pieces; how many at once is for the readers to say.
    async Task ScanAsync<T>(
        TablePair pair, Func<Piece, string> sql, Func<NpgsqlDataReader, T> read, Action<Side, List<T>> add, CancellationToken ct,
        params object?[] parameters)
    {
        var (ours, theirs) = (Cut(pair.Source, pair.Left!), Cut(pair.Target, pair.Right!));
        var done = 0;
        await Parallel.ForEachAsync(
            ours.Concat(theirs),
            new ParallelOptions { MaxDegreeOfParallelism = -1, CancellationToken = ct },
            async (scan, token) =>
            {
                add(scan.Reader.Server.Side, await scan.Reader.ReadAsync(
                    scan.Shape, scan.Piece, reader => reader.QueryAsync(sql(scan.Piece), read, token, parameters), token));
                if (scan.Reader == pair.Source && ours.Count > 1)
                    Report(pair.Left!, Interlocked.Increment(ref done), ours.Count);
            });
    }

    void Report(TableShape shape, int done, int pieces)
        => report(new VerifyProgress(shape.Table.QualifiedName, (long)((double)shape.Table.Bytes * done / pieces), shape.Table.Bytes));

    List<Scan> Cut(SnapshotReader reader, TableShape shape)
        => [.. Piece.Cut(shape, options.PieceBytes, reader.Server.Version.HasTidRangeScan).Select(piece => new Scan(reader, shape, piece))];

    sealed record Opened(IReadOnlyList<RowDifference> Listed, long? Count);

    sealed record Scan(SnapshotReader Reader, TableShape Shape, Piece Piece);
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>Compares every row of one table: sums by bucket on both sides, then the rows of the buckets that differ.</summary>
sealed class TableComparison(RowDigest digest, VerifyOptions options, Reach reach)
{
    // Buckets are opened until they hold this many rows, or more if one bucket does: what is compared by key must fit in memory.
    const long RowsToOpen = 50_000;

    /// <exception cref="TableChangedException">Compare it again under younger snapshots.</exception>
    public async Task<TableVerification> RunAsync(TablePair pair, CancellationToken ct)
    {
        if (WhyDifferent(pair) is { } reason)
            return await CountedAsync(pair, reason, ct);

        var table = new TableDigest(pair.Left!, pair.Right!, digest);
        var (ours, theirs) = await SumAsync(pair, table, ct);
        var opened = await OpenAsync(pair, table, [.. ours.DifferingFrom(theirs)], everyPlace: false, ct);
        return new TableVerification(
            pair.Name.Schema, pair.Name.Name, ours.Total.Rows, theirs.Total.Rows, pair.Left!.Table.Bytes, $"{digest.Name}:{ours.Total}",
            IsEqual: opened is null, pair.Lsn?.ToString(), Reason: null, opened is null ? [] : await ListAsync(pair, table, opened.Found, ct),
            opened is null ? 0 : opened.IsAll ? opened.Found.List().Count() : null)
        { Filenode = pair.Left!.Table.Filenode, Columns = pair.Left!.Table.Columns, TargetColumns = pair.Right!.Table.Columns };
    }

    /// <summary>For who mends them: rows that are not the same, as many as are opened at a time, each with where it lies. Null: there is none.</summary>
    /// <exception cref="TableChangedException">Look again under younger snapshots.</exception>
    public async Task<RowDifferences?> FindAsync(TablePair pair, TableDigest table, CancellationToken ct)
    {
        var (ours, theirs) = await SumAsync(pair, table, ct);
        return (await OpenAsync(pair, table, [.. ours.DifferingFrom(theirs)], everyPlace: true, ct))?.Found;
    }

    /// <summary>Why rows cannot be compared; null if they can. Columns that only the target has are its own affair.</summary>
    public static string? WhyDifferent(TablePair pair)
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

    async Task<(BucketSums Ours, BucketSums Theirs)> SumAsync(TablePair pair, TableDigest table, CancellationToken ct)
    {
        var (ours, theirs) = (new BucketSums(table.Buckets), new BucketSums(table.Buckets));
        await ScanAsync(pair, table.SumsOf, BucketSums.Read, (side, rows) => (side == Side.Source ? ours : theirs).Add(rows), isProgress: true, ct);
        return (ours, theirs);
    }

    // Null if no bucket differs.
    async Task<Opened?> OpenAsync(
        TablePair pair, TableDigest table, IReadOnlyList<(int Bucket, long Rows)> differing, bool everyPlace, CancellationToken ct)
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
        await ScanAsync(pair, piece => table.RowsOf(piece, everyPlace), RowDifferences.Read, found.Add, isProgress: false, ct, buckets.ToArray());
        return new Opened(found, buckets.Count == differing.Count);
    }

    async Task<IReadOnlyList<RowDifference>> ListAsync(TablePair pair, TableDigest table, RowDifferences found, CancellationToken ct)
    {
        var listed = found.List().OrderBy(difference => difference.Key?.Length).ThenBy(difference => difference.Key, StringComparer.Ordinal)
            .Take(options.Show).ToList();
        return options.Values ? await RowValues.AddAsync(pair, table, listed, ct) : listed;
    }

    // Both sides at the same time, in pieces; how many at once is for the readers to say.
    async Task ScanAsync<T>(
        TablePair pair, Func<Piece, string> sql, Func<NpgsqlDataReader, T> read, Action<Side, List<T>> add, bool isProgress, CancellationToken ct,
        params object?[] parameters)
    {
        var (ours, theirs) = (Cut(pair.Source, pair.Left!), Cut(pair.Target, pair.Right!));
        var done = 0L;
        await Parallel.ForEachAsync(
            ours.Concat(theirs),
            new ParallelOptions { MaxDegreeOfParallelism = -1, CancellationToken = ct },
            async (scan, token) =>
            {
                add(scan.Reader.Server.Side, await scan.Reader.ReadAsync(
                    scan.Shape, scan.Piece, reader => reader.QueryAsync(sql(scan.Piece), read, token, parameters), token));
                if (scan.Reader == pair.Source && isProgress)
                    reach.Add(scan.Shape.Table.QualifiedName, Interlocked.Add(ref done, scan.Piece.Bytes), scan.Shape.Table.Bytes, scan.Piece.Bytes);
            });
    }

    List<Scan> Cut(SnapshotReader reader, TableShape shape)
        => [.. Piece.Cut(shape, options.BytesAtATime, reader.Server.Version.HasTidRangeScan).Select(piece => new Scan(reader, shape, piece))];

    // IsAll: every bucket that differs was opened.
    sealed record Opened(RowDifferences Found, bool IsAll);

    sealed record Scan(SnapshotReader Reader, TableShape Shape, Piece Piece);
}

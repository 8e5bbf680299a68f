using System.Diagnostics;
using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A few megabytes of the largest table, into a table that nobody else sees and that goes with the transaction.</summary>
static class CopySample
{
    /// <summary>Tables that are smaller say nothing about a pace.</summary>
    public const long LeastBytes = 1 << 20;

    const long SampleBytes = 4 << 20;

    /// <summary>Bytes of the table, as the source stores them, a second and connection; null where nothing could be copied.</summary>
    public static async Task<double?> TakeAsync(Servers servers, Table table, CancellationToken ct)
    {
        var columns = (await Column.ListAsync(servers.Source.Connection, [table.Oid], ct))[table.Oid].Where(column => !column.IsGenerated).ToList();
        if (columns.Count == 0 || table.Bytes == 0)
            return null;
        var rows = table.RowsEstimate == 0 ? 10_000 : Math.Clamp(SampleBytes * table.RowsEstimate / table.Bytes, 1, table.RowsEstimate);
        try
        {
            // Of their own: a copy that is refused leaves both sessions of no use.
            await using var source = await servers.Source.Server.OpenNewAsync("check", ct, TableLock.Short);
            await using var target = await servers.Target.Server.OpenAsync("check", ct);
            await using var transaction = await target.BeginTransactionAsync(ct);
            await target.ExecuteAsync($"CREATE TEMPORARY TABLE pgbaton_sample ({string.Join(", ", columns.Select((_, i) => $"c{i} text"))}) ON COMMIT DROP", ct);
            var began = Stopwatch.GetTimestamp();
            var copied = await CopyPipe.RunAsync(
                source, $"COPY (SELECT {string.Join(", ", columns.Select(column => column.QuotedName))} FROM ONLY {table} LIMIT {rows}) TO STDOUT",
                target, "COPY pg_temp.pgbaton_sample FROM STDIN", isBinary: false, ct);
            return copied.Rows == 0 ? null : table.Bytes * Math.Min(1.0, (double)copied.Rows / Math.Max(table.RowsEstimate, copied.Rows)) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        catch (PostgresException)
        {
            return null; // No right to read it, or to make a temporary table; or it is locked: other checks say so.
        }
    }
}

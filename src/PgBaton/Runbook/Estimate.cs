using System.Diagnostics;
using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Preflight;

namespace PgBaton.Runbook;

/// <summary>What there is to move, and how long that takes, from a sample that was copied.</summary>
static class Estimate
{
    const long SampleBytes = 16 << 20;

    // Four connections fill about two cores' worth of a server; more is not promised.
    const double Parallel = 2;

    public static async Task<PlanSizes> MakeAsync(Servers servers, PlanFacts facts, CancellationToken ct)
    {
        var source = servers.Source.Connection;
        var tables = facts.Tables.Sum(table => table.Bytes);
        var indexes = await source.QueryValueAsync<long>(
            "SELECT coalesce(sum(pg_catalog.pg_indexes_size(oid)), 0)::bigint FROM unnest($1::oid[]) oid", ct, facts.Tables.Select(table => table.Oid).ToArray());
        var largest = facts.Tables.MaxBy(table => table.Bytes);
        var (before, began) = (await WrittenAsync(source, ct), Stopwatch.GetTimestamp());
        var pace = largest is null || !servers.Has(Needs.Target) ? null : await SampleAsync(servers, largest, ct);
        var seconds = pace is null ? null : tables / pace / Parallel;
        var watched = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var wal = before is { } from && watched > 0.1 && await WrittenAsync(source, ct) is { } now ? (double)(now - from) / watched : (double?)null;
        return new PlanSizes(
            facts.Tables.Count, tables, indexes, facts.Sequences.Count, largest?.QualifiedName, (tables + indexes) / 2 * 3,
            Rounded(pace), Rounded(seconds), Rounded(wal), Rounded(wal * seconds));
    }

    // Bytes a second, out of the largest table into a table that nobody else sees and that goes with the transaction.
    static async Task<double?> SampleAsync(Servers servers, Table table, CancellationToken ct)
    {
        var columns = (await Column.ListAsync(servers.Source.Connection, [table.Oid], ct))[table.Oid].Where(column => !column.IsGenerated).ToList();
        if (columns.Count == 0 || table.Bytes == 0)
            return null;
        var rows = table.RowsEstimate == 0 ? 10_000 : Math.Clamp(SampleBytes * table.RowsEstimate / table.Bytes, 1, table.RowsEstimate);
        try
        {
            // Of their own: a copy that is refused leaves both sessions of no use.
            await using var source = await servers.Source.Server.OpenAsync("plan", ct);
            await using var target = await servers.Target.Server.OpenAsync("plan", ct);
            await using var transaction = await target.BeginTransactionAsync(ct);
            await target.ExecuteAsync($"CREATE TEMPORARY TABLE pgbaton_sample ({string.Join(", ", columns.Select((_, i) => $"c{i} text"))}) ON COMMIT DROP", ct);
            var began = Stopwatch.GetTimestamp();
            var copied = await CopyPipe.RunAsync(
                source, $"COPY (SELECT {string.Join(", ", columns.Select(column => column.QuotedName))} FROM ONLY {table} LIMIT {rows}) TO STDOUT",
                target, "COPY pg_temp.pgbaton_sample FROM STDIN", isBinary: false, _ => { }, ct);
            return copied.Rows == 0 ? null : table.Bytes * Math.Min(1.0, (double)copied.Rows / Math.Max(table.RowsEstimate, copied.Rows)) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        catch (PostgresException)
        {
            return null; // No right to read it, or to make a temporary table: the preflight says so.
        }
    }

    // A standby has no such position.
    static async Task<decimal?> WrittenAsync(NpgsqlConnection source, CancellationToken ct)
        => await source.QueryValueAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct) ? null
            : await source.QueryValueAsync<decimal>("SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')", ct);

    static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;
}

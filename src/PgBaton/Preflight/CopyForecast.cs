using System.Diagnostics;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>How long the copy will take, and what the source will write meanwhile.</summary>
/// <param name="Bytes">Rows and indexes of what is moved.</param>
/// <param name="Pace">Bytes a second with one connection, of a sample; null where none could be taken.</param>
/// <param name="WalNow">Bytes a second, while it was looked at; null on a standby, and where nothing is large enough to be worth the look.</param>
/// <param name="WalAverage">Bytes a second since the server's statistics were reset; null where it does not count (before 14), or has only just begun.</param>
sealed record CopyForecast(long Bytes, double? Pace, double? WalNow, double? WalAverage)
{
    /// <summary>Four connections fill about two cores' worth of a server; more is not promised.</summary>
    public const double Parallel = 2;

    // Bytes a second, with all connections: what two modest servers in one region do.
    const long AssumedPace = 25 << 20;

    static readonly TimeSpan _leastLook = TimeSpan.FromMilliseconds(100);

    /// <summary>The source writes at least so much a second.</summary>
    public double? WalRate => WalNow is { } now && WalAverage is { } average ? Math.Max(now, average) : WalNow ?? WalAverage;

    /// <summary>Of everything, indexes too.</summary>
    public double Seconds => Bytes / (Pace * Parallel ?? AssumedPace);

    /// <summary>What the slot keeps until everything is copied.</summary>
    public double? WalBytes => WalRate * Seconds;

    /// <summary>A sentence about where the figures come from.</summary>
    public string Basis
        => $"The figure is {(WalNow > (WalAverage ?? 0) ? "what is written just now" : "the rate of this server so far")}, for a copy "
           + (Pace is { } pace ? $"at {ByteCount.Of((long)(pace * Parallel))}/s, by a sample." : "at 25 MB/s.");

    public static async Task<CopyForecast> MakeAsync(Servers servers, CancellationToken ct)
    {
        var (source, facts) = (servers.Source.Connection, servers.Source.Facts);
        var bytes = servers.Scope.IsEverything ? facts.DatabaseBytes : servers.Tables.Sum(table => table.Table.Bytes) * 2; // Twice: with indexes.
        var average = await AverageAsync(servers.Source, ct);
        var largest = servers.Tables.Select(table => table.Table).Where(table => table.IsLogged).MaxBy(table => table.Bytes);
        if (largest is null || largest.Bytes < CopySample.LeastBytes)
            return new(bytes, null, null, average);
        var (before, began) = (await WrittenAsync(source, facts, ct), Stopwatch.GetTimestamp());
        var pace = servers.Has(Needs.Target) ? await CopySample.TakeAsync(servers, largest, ct) : null;
        if (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < _leastLook)
            await Task.Delay(_leastLook - elapsed, ct); // Too short a look would tell nothing.
        var watched = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var now = before is { } from && await WrittenAsync(source, facts, ct) is { } to ? (double)(to - from) / watched : (double?)null;
        return new(bytes, pace, now, average);
    }

    // A standby has no such position.
    static async Task<decimal?> WrittenAsync(NpgsqlConnection source, ServerFacts facts, CancellationToken ct)
        => facts.IsInRecovery ? null : await source.QueryValueAsync<decimal>("SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')", ct);

    static async Task<double?> AverageAsync(CheckedServer source, CancellationToken ct)
        => !source.Version.HasWalStatistics ? null
            : (await source.Connection.QueryAsync(
                "SELECT wal_bytes::float8 / nullif(extract(epoch FROM pg_catalog.now() - stats_reset), 0)::float8 FROM pg_catalog.pg_stat_wal",
                row => row.IsDBNull(0) ? (double?)null : row.GetDouble(0), ct))[0];
}

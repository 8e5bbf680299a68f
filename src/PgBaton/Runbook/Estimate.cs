using PgBaton.Postgres;
using PgBaton.Preflight;

namespace PgBaton.Runbook;

/// <summary>What there is to move, and how long that takes.</summary>
static class Estimate
{
    public static async Task<PlanSizes> MakeAsync(Servers servers, PlanFacts facts, CancellationToken ct)
    {
        var tables = facts.Tables.Sum(table => table.Bytes);
        var indexes = await servers.Source.Connection.QueryValueAsync<long>(
            "SELECT coalesce(sum(pg_catalog.pg_indexes_size(oid)), 0)::bigint FROM unnest($1::oid[]) oid", ct, facts.Tables.Select(table => table.Oid).ToArray());
        var forecast = await servers.ForecastAsync(ct);
        var largest = facts.Tables.MaxBy(table => table.Bytes);
        // Too small to forecast by, it still is what there is to show.
        var pace = forecast.Pace ?? (largest is null || !servers.Has(Needs.Target) ? null : await CopySample.TakeAsync(servers, largest, ct));
        return new PlanSizes(
            facts.Tables.Count, tables, indexes, facts.Sequences.Count, largest?.QualifiedName, (tables + indexes) / 2 * 3,
            Rounded(pace), Rounded(tables / pace / CopyForecast.Parallel), Rounded(forecast.WalNow ?? forecast.WalAverage), Rounded(forecast.WalBytes));
    }

    static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;
}

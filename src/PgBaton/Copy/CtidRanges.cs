using System.Globalization;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Cuts a large table into ranges of pages. They cover every possible ctid, so that what was measured only decides how even the parts are.
/// </summary>
static class CtidRanges
{
    const int MostParts = 10_000;

    /// <summary>The pages of those tables that a range of ctids can cut: stored as a heap, on a server that scans ranges of ctids.</summary>
    public static async Task<IReadOnlyDictionary<uint, long>> PagesAsync(
        NpgsqlConnection source, ServerVersion version, IReadOnlyCollection<uint> oids, CancellationToken ct)
    {
        if (oids.Count == 0 || !version.HasTidRangeScan)
            return new Dictionary<uint, long>();
        var pages = await source.QueryAsync(
            """
            SELECT c.oid, pg_catalog.pg_relation_size(c.oid, 'main') / pg_catalog.current_setting('block_size')::bigint
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_am am ON am.oid = c.relam
             WHERE c.oid = ANY ($1) AND am.amname = 'heap'
            """,
            row => (Oid: row.GetFieldValue<uint>(0), Pages: row.GetInt64(1)), ct, oids.ToArray());
        return pages.ToDictionary(table => table.Oid, table => table.Pages);
    }

    /// <summary>Conditions on ctid, the last one without an end. A single null where cutting brings nothing.</summary>
    public static IReadOnlyList<string?> Cut(long bytes, long pages, long partBytes)
    {
        var parts = (int)Math.Min(Math.Min((bytes + partBytes - 1) / Math.Max(1, partBytes), pages), MostParts);
        if (bytes <= partBytes || parts < 2)
            return [null];
        return [.. Enumerable.Range(0, parts).Select(part => Condition(Bound(part), part == parts - 1 ? null : Bound(part + 1)))];

        long Bound(int part) => pages * part / parts;
    }

    static string Condition(long from, long? to)
    {
        var lower = string.Create(CultureInfo.InvariantCulture, $"ctid >= '({from},0)'::pg_catalog.tid");
        return to is null ? lower : string.Create(CultureInfo.InvariantCulture, $"{lower} AND ctid < '({to},0)'::pg_catalog.tid");
    }
}

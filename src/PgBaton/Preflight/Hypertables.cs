using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// TimescaleDB routes the rows of a hypertable into chunks, tables that it makes itself and names by a number of its own. pg_dump's text makes none of that
/// anew outside the extension's own restore mode, and a row of the stream carries the chunk's name.
/// </summary>
sealed class Hypertables() : Check("PB1073", "extensions", "Are there no hypertables?", "there are no hypertables")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var source = servers.Source.Connection;
        if (!await source.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass('_timescaledb_catalog.hypertable') IS NOT NULL", ct))
            return [];
        var all = (await source.QueryAsync(
            "SELECT schema_name::text, table_name::text FROM _timescaledb_catalog.hypertable", row => (row.GetString(0), row.GetString(1)), ct)).ToHashSet();
        var ours = servers.Tables.Where(table => all.Contains((table.Table.Schema, table.Table.Name))).Select(table => table.Name).ToList();
        return ours.Count == 0
            ? []
            :
            [
                Blocker(
                    $"{Listing.Count(ours.Count, "hypertable", "hypertables")} of TimescaleDB cannot be moved: {Listing.Of(ours)}",
                    "Their rows lie in chunks that the extension makes; neither pg_dump's text nor the stream would bring them together again on the target.",
                    "Leave them out (-T for each, and -N '_timescaledb*'), and move them by TimescaleDB's own means; or make them plain tables first.",
                    Listing.About(ours)),
            ];
    }
}

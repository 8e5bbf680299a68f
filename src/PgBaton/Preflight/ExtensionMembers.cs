using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Tables that somebody has put into an extension, with rows that nobody takes along: neither pg_dump nor a publication.</summary>
sealed class ExtensionMembers() : Check(
    "PB1069", "extensions", "Does no table with rows belong to an extension?", "no table with rows that would stay behind belongs to an extension")
{
    // They fill such tables by themselves, on the target as well.
    static readonly string[] _own = ["pg_cron", "pg_partman", "pglogical", "postgis_tiger_geocoder", "postgis_topology", "repmgr", "timescaledb"];

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var tables = await servers.Source.Connection.QueryAsync(
            Query.ExtensionMembers, row => (Extension: row.GetString(0), Name: row.GetString(1)), ct, (object)_own);
        return [.. tables.GroupBy(table => table.Extension).Select(Judge)];
    }

    Finding Judge(IGrouping<string, (string Extension, string Name)> members)
    {
        var names = members.Select(table => table.Name).ToList();
        return Warning(
            $"{Listing.Count(names.Count, "table", "tables")} with rows belong to extension {members.Key}: {Listing.Of(names)}",
            "What belongs to an extension is made by CREATE EXTENSION, and the rows are in no dump and no publication: they will be missing on the target.",
            $"If it is a table of yours:\n{Listing.Script([.. names.Select(name => $"ALTER EXTENSION {Sql.Identifier(members.Key)} DROP TABLE {name};  -- on the source")])}",
            Listing.About(names));
    }
}

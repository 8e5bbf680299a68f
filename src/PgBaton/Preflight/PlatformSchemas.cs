using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class PlatformSchemas() : Check(
    "PB1057", "schema", "Are schemas of the source's platform in scope?", "no schema of the source's platform is in scope")
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var platform = servers.Source.Provider.PlatformSchemas;
        var found = servers.Tables.Select(table => table.Table.Schema).Distinct().Where(platform.Contains).Order(StringComparer.Ordinal).ToList();
        if (found.Count > 0)
            yield return Notice(
                $"{Listing.Count(found.Count, "schema", "schemas")} of {servers.Source.Provider.Name}'s own would be moved: {string.Join(", ", found)}",
                "They belong to the platform; the target's platform has its own or needs none. But the application may refer to them.",
                $"Leave out what the application does not need: {string.Join(' ', found.Select(schema => $"-N {Sql.Identifier(schema)}"))}");
    }
}

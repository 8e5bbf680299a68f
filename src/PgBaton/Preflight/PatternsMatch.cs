using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A pattern with a slip in it would choose nothing, and the migration of nothing would be proven equal.</summary>
sealed class PatternsMatch() : Check(
    "PB1066", "schema", "Does every pattern choose something?", "every pattern chooses something", onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var options = servers.Options;
        if (options.Tables.Count + options.Schemas.Count + options.ExcludedTables.Count + options.ExcludedSchemas.Count == 0)
            return [];
        var relations = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_namespace n
              LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
             WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            """,
            row => (Schema: row.GetString(0), Name: row.GetNullable<string>(1)), ct);
        bool IsNoTable(string pattern) => !relations.Exists(relation => relation.Name is { } name && Scope.Matches(pattern, relation.Schema, name));
        bool IsNoSchema(string pattern) => !relations.Exists(relation => Scope.MatchesSchema(pattern, relation.Schema));
        return
        [
            .. options.Tables.Where(IsNoTable).Select(pattern => Empty("-t", pattern, "table")),
            .. options.Schemas.Where(IsNoSchema).Select(pattern => Empty("-n", pattern, "schema")),
            .. options.ExcludedTables.Where(IsNoTable).Select(pattern => Idle("-T", pattern, "table")),
            .. options.ExcludedSchemas.Where(IsNoSchema).Select(pattern => Idle("-N", pattern, "schema")),
            .. servers.Tables.Count == 0
                ? [Warning("no table that holds rows is in scope", "Only definitions would be moved.", fix: null)] : Array.Empty<Finding>(),
        ];
    }

    Finding Idle(string option, string pattern, string kind) => Notice(
        $"no {kind} on the source matches {option} {pattern}", "It leaves out nothing.", fix: null, pattern);

    Finding Empty(string option, string pattern, string kind) => Blocker(
        $"no {kind} on the source matches {option} {pattern}", "It would be a migration without what was meant.",
        "Mend the pattern. As in pg_dump, letters outside of double quotes are folded to lower case; * and ? stand for any.", pattern);
}

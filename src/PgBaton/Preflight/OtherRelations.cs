using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Relations whose rows come from elsewhere.</summary>
sealed class OtherRelations() : Check(
    "PB1053", "schema", "Do all rows live in tables?", "there are no foreign tables and no materialized views")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var found = await servers.Source.Connection.QueryAsync(
            """
            SELECT c.relkind::text, n.nspname::text, c.relname::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE (c.relkind = 'f' OR c.relkind = 'm' AND c.relispopulated) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
             ORDER BY 2, 3
            """,
            row => (Kind: row.GetString(0)[0], Schema: row.GetString(1), Name: row.GetString(2)), ct);
        var inScope = found.Where(relation => servers.Scope.Includes(relation.Schema, relation.Name)).ToLookup(
            relation => relation.Kind, relation => Sql.Identifier(relation.Schema, relation.Name));
        List<string> foreign = [.. inScope['f']], views = [.. inScope['m']];
        var findings = new List<Finding>();
        if (foreign.Count > 0)
            findings.Add(Notice(
                $"{Listing.Count(foreign.Count, "foreign table", "foreign tables")}: the definition is moved, the rows stay where they are",
                "The target must reach the foreign server by itself; passwords of user mappings have to be set there. "
                + $"{Listing.Of(foreign)}.", about: Listing.About(foreign)));
        if (views.Count > 0)
            findings.Add(Notice(
                $"{Listing.Count(views.Count, "materialized view is", "materialized views are")} filled anew on the target",
                "Their rows are not copied, but computed again by REFRESH MATERIALIZED VIEW after the tables have been copied; changes "
                + $"after that show with the next REFRESH. {Listing.Of(views)}.",
                Listing.Script([.. views.Select(view => $"REFRESH MATERIALIZED VIEW {view};  -- on the target, after the cutover")]), Listing.About(views)));
        return findings;
    }
}

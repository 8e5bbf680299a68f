using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Triggers and rules that fire while replicated changes are applied: the target would do twice what the source has done already.</summary>
sealed class EagerTriggers() : Check(
    "PB1058", "schema", "Does no trigger fire for replicated changes?", "no trigger fires for replicated changes")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var found = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text,
                   pg_catalog.format('%s %I on %I.%I (ENABLE %s)', e.kind, e.name, n.nspname, c.relname, CASE e.enabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END)
              FROM (SELECT 'trigger' AS kind, tgname AS name, tgrelid AS relation, tgenabled AS enabled FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
                     UNION ALL
                    SELECT 'rule', rulename, ev_class, ev_enabled FROM pg_catalog.pg_rewrite) e
              JOIN pg_catalog.pg_class c ON c.oid = e.relation
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE e.enabled IN ('A', 'R') AND e.name <> 'pgbaton_gate' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
             ORDER BY 1, 2, 3
            """,
            row => (Schema: row.GetString(0), Table: row.GetString(1), What: row.GetString(2)), ct);
        List<string> inScope = [.. found.Where(item => servers.Scope.Includes(item.Schema, item.Table)).Select(item => item.What)];
        return inScope.Count == 0 ? [] :
        [
            Notice(
                $"{Listing.Count(inScope.Count, "trigger or rule fires", "triggers and rules fire")} for replicated changes too",
                $"On the target they are disabled until it opens, so that nothing is done twice; by hand that has to be done, too. {Listing.Of(inScope)}."),
        ];
    }
}

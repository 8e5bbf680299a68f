using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A trigger or rule of a table in scope that fires while replicated changes are applied.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Kind">TRIGGER or RULE.</param>
/// <param name="Name">Quoted.</param>
/// <param name="Mode">ALWAYS or REPLICA.</param>
sealed record EagerTrigger(string Table, string Kind, string Name, string Mode)
{
    public string Disable => $"ALTER TABLE ONLY {Table} DISABLE {Kind} {Name};";

    public string Enable => $"ALTER TABLE ONLY {Table} ENABLE {Mode} {Kind} {Name};";

    public override string ToString() => $"{Kind.ToLowerInvariant()} {Name} on {Table} (ENABLE {Mode})";

    public static async Task<IReadOnlyList<EagerTrigger>> ListAsync(Servers servers, CancellationToken ct)
    {
        var found = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text, e.kind, e.name::text, CASE e.enabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END
              FROM (SELECT 'TRIGGER' AS kind, tgname AS name, tgrelid AS relation, tgenabled AS enabled FROM pg_catalog.pg_trigger
                     -- before 15, what a partition has of its root's is internal
                     WHERE NOT tgisinternal OR tgconstraint = 0
                     UNION ALL
                    SELECT 'RULE', rulename, ev_class, ev_enabled FROM pg_catalog.pg_rewrite) e
              JOIN pg_catalog.pg_class c ON c.oid = e.relation
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE e.enabled IN ('A', 'R') AND e.name <> 'pgbaton_gate' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
             ORDER BY 1, 2, 3 DESC, 4
            """,
            row => (Schema: row.GetString(0), Table: row.GetString(1), Kind: row.GetString(2), Name: row.GetString(3), Mode: row.GetString(4)), ct);
        return
        [
            .. found.Where(item => servers.Scope.Includes(item.Schema, item.Table))
                .Select(item => new EagerTrigger(Sql.Identifier(item.Schema, item.Table), item.Kind, Sql.Identifier(item.Name), item.Mode)),
        ];
    }
}

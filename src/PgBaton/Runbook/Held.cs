using PgBaton.Postgres;
using PgBaton.Preflight;

namespace PgBaton.Runbook;

/// <summary>What would act on rows that replication brings to the target: it is held until the application comes.</summary>
/// <param name="Hold">A command.</param>
/// <param name="Free">The command that takes it back.</param>
sealed record Held(string Hold, string Free)
{
    /// <summary>Triggers and rules that fire for replicated changes; row level security that holds for the owner too, who is the subscription's role.</summary>
    public static async Task<IReadOnlyList<Held>> ListAsync(Servers servers, CancellationToken ct)
    {
        var forced = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relkind IN ('r', 'p') AND n.nspname <> 'pgbaton'
             ORDER BY 1, 2
            """,
            row => (Schema: row.GetString(0), Name: row.GetString(1)), ct);
        return
        [
            .. (await EagerTrigger.ListAsync(servers, ct)).Select(trigger => new Held(trigger.Disable, trigger.Enable)),
            .. forced.Where(table => servers.Scope.Includes(table.Schema, table.Name)).Select(table => $"ALTER TABLE ONLY {Sql.Identifier(table.Schema, table.Name)}")
                .Select(table => new Held($"{table} NO FORCE ROW LEVEL SECURITY;", $"{table} FORCE ROW LEVEL SECURITY;")),
        ];
    }
}

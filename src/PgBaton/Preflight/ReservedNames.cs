using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>The gate's trigger has one name on every table: a trigger of the user's by that name would be taken for it.</summary>
sealed class ReservedNames() : Check("PB1039", "schema", "Is the name of our trigger free?", "no trigger has the name of ours", onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var tables = await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
              JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
              JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE t.tgname = 'pgbaton_gate' AND NOT t.tgisinternal AND f.nspname <> 'pgbaton'
             ORDER BY 1, 2
            """, row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct);
        return tables.Count == 0
            ? []
            :
            [
                Blocker(
                    $"{Listing.Count(tables.Count, "table has", "tables have")} a trigger named pgbaton_gate that is not ours: {Listing.Of(tables)}",
                    "Each table gets one of that name, which keeps writers out between the fence and the decision.",
                    Listing.Script([.. tables.Select(table => $"ALTER TRIGGER pgbaton_gate ON {table} RENAME TO another_name;")]), Listing.About(tables)),
            ];
    }
}

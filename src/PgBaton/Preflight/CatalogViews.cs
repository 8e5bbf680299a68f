using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>Views that read catalogs and nothing else, as for monitoring: the target prepares each, since its release may have other columns and functions.</summary>
sealed class CatalogViews() : Check(
    "PB1076", "schema", "Does the target have what views of catalogs read?", "every view of catalogs can be made on the target", needs: Needs.Both)
{
    // What is pinned by the server, or was made by initdb, has an oid below 16384 (FirstNormalObjectId).
    const string Find =
        """
        SELECT n.nspname::text, c.relname::text, pg_catalog.pg_get_viewdef(c.oid), c.relkind::text
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                            WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r
                             JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
                            WHERE r.ev_class = c.oid AND d.refobjid <> c.oid AND d.refobjid >= 16384)
         ORDER BY 1, 2
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema)
            return [];
        var views = await servers.Source.Connection.QueryAsync(
            Find, row => (Schema: row.GetString(0), Name: row.GetString(1), Definition: row.GetString(2), IsFilled: row.GetString(3) == "m"), ct);
        var findings = new List<Finding>();
        foreach (var view in views.Where(view => servers.Scope.Includes(view.Schema, view.Name)))
        {
            // Not planned: that may look for tables which are not there yet.
            if (await Attempt.RunAsync(servers.Target.Connection, $"PREPARE pgbaton_view AS {view.Definition} DEALLOCATE pgbaton_view", ct) is { } refusal && IsLack(refusal))
                findings.Add(Tell(Sql.Identifier(view.Schema, view.Name), view.IsFilled ? "MATERIALIZED VIEW" : "VIEW", refusal));
        }

        return findings;
    }

    // A column, a relation, a function, an operator, a type, a cast; not that our role may not read it.
    static bool IsLack(PostgresException refusal)
        => refusal.SqlState.StartsWith("42", StringComparison.Ordinal) && refusal.SqlState != PostgresErrorCodes.InsufficientPrivilege;

    Finding Tell(string view, string kind, PostgresException refusal) => Blocker(
        refusal.SqlState == PostgresErrorCodes.SyntaxError
            ? $"view {view} cannot be made from what the source prints of it" : $"view {view} reads something of a catalog that the target does not have",
        $"The target says: {refusal.MessageText}.",
        $"DROP {kind} {view};  -- on the source; make it again for the new release after the cutover, or rewrite it so that both know it", $"view {view}");
}

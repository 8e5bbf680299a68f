using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// Schemas of the objects in scope that the target has already, and where somebody who is to make or to own them may not create: <c>public</c> is one from 15
/// on, unless its owner says otherwise. The right to create schemas does not bring it.
/// </summary>
static class ClosedSchemas
{
    /// <summary>Each schema with the role that lacks CREATE on it; empty where nothing is made there.</summary>
    public static async Task<IReadOnlyList<(string Schema, string Role)>> ListAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.ExistingSchema || !servers.Has(Needs.Both))
            return [];
        var moved = await servers.Source.Connection.QueryAsync(Query.UserObjects, row => (Schema: row.GetString(1), Name: row.GetString(2)), ct);
        return await servers.Target.Connection.QueryAsync(
            """
            SELECT n.nspname::text, r.rolname::text
              FROM pg_catalog.pg_namespace n
              JOIN pg_catalog.pg_roles r ON r.rolname IN (current_user, $2)
             WHERE n.nspname = ANY ($1) AND NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
             ORDER BY 1, 2
            """,
            row => (row.GetString(0), row.GetString(1)), ct,
            moved.Where(item => servers.Scope.Includes(item.Schema, item.Name)).Select(item => item.Schema).Distinct(StringComparer.Ordinal).ToArray(),
            servers.Options.TargetOwner ?? "");
    }
}

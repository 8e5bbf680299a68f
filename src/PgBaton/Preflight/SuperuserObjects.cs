using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>What the target would refuse hours later, when indexes and triggers are made.</summary>
sealed class SuperuserObjects() : Check(
    "PB1056", "schema", "May our role make every object on the target?", "our role may make every object on the target",
    needs: Needs.Both, onlyBefore: true)
{
    // Roles of providers that may do some of it.
    const string IsAdministrator =
        """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_roles
                        WHERE rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'neon_superuser', 'azure_pg_admin', 'alloydbsuperuser')
                          AND pg_catalog.pg_has_role(oid, 'MEMBER'))
        """;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Target.Facts.IsSuperuser || servers.Options.ExistingSchema)
            return [];
        var objects = await servers.Source.Connection.QueryAsync(Query.SuperuserObjects, row => row.GetString(0), ct);
        if (objects.Count == 0)
            return [];
        var role = Sql.Identifier(servers.Target.Facts.User);
        var message = $"{Listing.Count(objects.Count, "object", "objects")} that only a superuser may make, and role {role} of the target is none";
        var detail = $"{Listing.Of(objects)}.";
        const string fix = "Connect to the target as a superuser, or drop them on the source, or leave their schemas out: -N; then --ignore PB1056.";
        return [await servers.Target.Connection.QueryValueAsync<bool>(IsAdministrator, ct)
            ? Warning(message, detail, fix, Listing.About(objects))
            : Blocker(message, detail, fix, Listing.About(objects))];
    }
}

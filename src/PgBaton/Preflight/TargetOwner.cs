using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class TargetOwner() : Check("PB1064", "target", "May objects be given to the owner they are to have?", "objects can be given to the owner they are to have",
    needs: Needs.Both, onlyBefore: true)
{
    const string Why = "Only a member may give it objects, and go on working with them.";

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.TargetOwner is not { } owner)
            return servers.Options is { Owners: true, ExistingSchema: false } ? await AskOwnersAsync(servers, ct) : [];
        var (ours, quoted) = (Sql.Identifier(servers.Target.Facts.User), Sql.Identifier(owner));
        var isMember = await servers.Target.Connection.QueryAsync(
            "SELECT pg_catalog.pg_has_role(oid, 'USAGE') FROM pg_catalog.pg_roles WHERE rolname = $1", row => row.GetBoolean(0), ct, owner);
        return isMember switch
        {
            [] => [Blocker($"the target has no role {quoted}", "--target-owner names the role that everything is to belong to there.", $"CREATE ROLE {quoted};", quoted)],
            [false] => [Blocker(
                $"role {ours} of the target is no member of {quoted}", Why, $"GRANT {quoted} TO {ours};", quoted)],
            _ => [],
        };
    }

    // Those of the source that are there; which are not is PB1063's.
    async Task<IReadOnlyList<Finding>> AskOwnersAsync(Servers servers, CancellationToken ct)
    {
        var needed = await servers.Source.Connection.QueryAsync(
            Query.NeededRoles, row => (Name: row.GetString(0), Owns: row.GetBoolean(1)), ct, true, false);
        var foreign = await servers.Target.Connection.QueryAsync(
            "SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname = ANY ($1) AND NOT pg_catalog.pg_has_role(oid, 'USAGE') ORDER BY rolname",
            row => row.GetString(0), ct, (object)needed.Where(role => role.Owns).Select(role => role.Name).ToArray());
        if (foreign.Count == 0)
            return [];
        var ours = Sql.Identifier(servers.Target.Facts.User);
        var message = $"role {ours} of the target is no member of {Listing.Count(foreign.Count, "role", "roles")} to which objects belong";
        var fix = Listing.Script([.. foreign.Select(role => $"GRANT {Sql.Identifier(role)} TO {ours};")]) + "\n-- or leave owners behind: without --owners";
        // Of a part of the database it is not known whose objects are in it.
        return [servers.Scope.IsEverything ? Blocker(message, Why, fix, Listing.About(foreign)) : Warning(message, Why, fix, Listing.About(foreign))];
    }
}

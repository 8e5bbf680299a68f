using PgBaton.Postgres;
using PgBaton.Schema;

namespace PgBaton.Preflight;

/// <summary>Roles belong to a server, not to a database: policies, user mappings, and owners and privileges where they are kept, name them.</summary>
sealed class Roles() : Check("PB1063", "target", "Has the target every role that objects need?", "the target has every role that objects need",
    needs: Needs.Both, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var missing = await MissingRoles.FindAsync(servers.Options, servers.Source.Connection, servers.Target.Connection, ct);
        if (missing.Count == 0)
            return [];
        var what = $"{Listing.Of([.. missing.Select(Sql.Identifier)])}.";
        if (servers.Options.Roles)
        {
            return [await servers.Target.Connection.QueryValueAsync<bool>("SELECT rolsuper OR rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = current_user", ct)
                ? Notice($"{Listing.Count(missing.Count, "role", "roles")} will be made on the target, without the right to log in", what)
                : Blocker(
                    $"role {Sql.Identifier(servers.Target.Facts.User)} of the target may not make {Listing.Count(missing.Count, "role", "roles")}", what,
                    $"ALTER ROLE {Sql.Identifier(servers.Target.Facts.User)} CREATEROLE;  -- as a superuser")];
        }

        var message = $"the target lacks {Listing.Count(missing.Count, "role", "roles")}";
        var fix = Listing.Script([.. missing.Select(role => $"CREATE ROLE {Sql.Identifier(role)} NOLOGIN;")]) + "\n-- or have that done: --roles";
        // Of a part of the database it is not known which of them that part needs; the target refuses by name what it cannot make.
        return [servers.Scope.IsEverything ? Blocker(message, what, fix, Listing.About(missing)) : Warning(message, what, fix, Listing.About(missing))];
    }
}

using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class TargetOwner() : Check("PB1064", "target", "May objects be given to the owner they are to have?", "objects can be given to the owner they are to have",
    needs: Needs.Target, onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        if (servers.Options.TargetOwner is not { } owner)
            return [];
        var (ours, quoted) = (Sql.Identifier(servers.Target.Facts.User), Sql.Identifier(owner));
        var isMember = await servers.Target.Connection.QueryAsync(
            "SELECT pg_catalog.pg_has_role(oid, 'USAGE') FROM pg_catalog.pg_roles WHERE rolname = $1", row => row.GetBoolean(0), ct, owner);
        return isMember switch
        {
            [] => [Blocker($"the target has no role {quoted}", "--target-owner names the role that everything is to belong to there.", $"CREATE ROLE {quoted};", quoted)],
            [false] => [Blocker(
                $"role {ours} of the target is no member of {quoted}", "Only a member may give it objects, and go on working with them.", $"GRANT {quoted} TO {ours};", quoted)],
            _ => [],
        };
    }
}

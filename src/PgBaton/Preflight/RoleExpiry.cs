using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A session goes on when the password of its role expires, but none can be opened any more: not after a restart, not for the way back.</summary>
sealed class RoleExpiry() : Check(
    "PB1045", "privileges", "Do our roles outlive the migration?", "the passwords of our roles do not expire", Needs.None)
{
    static readonly TimeSpan _soon = TimeSpan.FromDays(30);

    protected override IEnumerable<Finding> Look(Servers servers)
    {
        foreach (var server in servers.All)
        {
            if (server.Facts.ExpiresInSeconds is not { } seconds)
                continue;
            var (role, left) = (Sql.Identifier(server.Facts.User), TimeSpan.FromSeconds(seconds));
            var message = left < TimeSpan.Zero ? $"the password of role {role} on the {server.Side} has expired"
                : $"the password of role {role} on the {server.Side} expires in {Listing.Count((int)left.TotalDays, "day", "days")}";
            const string detail = "From then on no connection can be opened with it: a migration that is cut off could not go on, and there would be no way back.";
            var fix = $"ALTER ROLE {role} VALID UNTIL 'infinity';  -- or a role of its own for the migration";
            yield return left < _soon ? Warning(message, detail, fix, role) : Notice(message, detail, fix, role);
        }
    }
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>By doing it, in a transaction that is rolled back.</summary>
sealed class MayBeReplica() : Check(
    "PB1043", "privileges", "May our role set session_replication_role on the target?", "our role may set session_replication_role on the target",
    needs: Needs.Target)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var target = servers.Target;
        await using var transaction = await target.Connection.BeginTransactionAsync(ct);
        try
        {
            await target.Connection.ExecuteAsync("SET LOCAL session_replication_role = replica", ct);
            return [];
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var role = Sql.Identifier(target.Facts.User);
            return
            [
                Notice(
                    $"role {role} may not set session_replication_role on the target",
                    "While changes are applied, triggers and foreign keys must not fire. Without this right they are only enabled when "
                    + "the target opens, and foreign keys are validated after it.",
                    target.Version.HasParameterPrivileges
                        ? $"GRANT SET ON PARAMETER session_replication_role TO {role};  -- as a superuser; many providers have none to "
                            + "offer"
                        : "Connect as a superuser of the target, if there is one.",
                    role),
            ];
        }
    }
}

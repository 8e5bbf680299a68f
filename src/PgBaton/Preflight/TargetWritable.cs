using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>By doing it, in a transaction that is rolled back; and once in a session such as the application's would be.</summary>
sealed class TargetWritable() : Check("PB1080", "target", "Can the target be written?", "the target can be written", needs: Needs.Target)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var target = servers.Target;
        if (target.Facts.IsInRecovery)
            return [Blocker("the target is a standby", null, "Give the endpoint of the primary (writer).", target.Server.Address)];
        var refusal = await Attempt.RunAsync(target.Connection, $"CREATE SCHEMA pgbaton_check_{Guid.NewGuid():n}", ct);
        if (refusal is not null && refusal.SqlState != PostgresErrorCodes.InsufficientPrivilege)
            return
            [
                Blocker("the target cannot be written", $"The server says: {refusal.MessageText} (SQLSTATE {refusal.SqlState}).", null, target.Server.Address),
            ];
        var closed = await ClosedSchemas.ListAsync(servers, ct);
        return [.. Rights(target, refusal, closed), .. await ReadOnlyAsync(target, ct)];
    }

    IEnumerable<Finding> Rights(CheckedServer target, PostgresException? refusal, IReadOnlyList<(string Schema, string Role)> closed)
    {
        var (role, database) = (Sql.Identifier(target.Facts.User), Sql.Identifier(target.Server.Database));
        var grants = closed.Select(lack => $"GRANT CREATE ON SCHEMA {Sql.Identifier(lack.Schema)} TO {Sql.Identifier(lack.Role)};").ToList();
        if (refusal is not null)
            yield return Blocker(
                $"role {role} may not create anything in the target", $"The server says: {refusal.MessageText}.",
                Listing.Script([$"GRANT CREATE ON DATABASE {database} TO {role};", .. grants]), database);
        else if (closed.Count > 0)
            yield return Blocker(
                $"objects may not be created in {Listing.Count(closed.Count, "schema", "schemas")} that the target has already",
                $"CREATE on a schema comes from its owner; from PostgreSQL 15 on, public belongs to the owner of the database. {Listing.Of([.. closed.Select(lack => $"Role {Sql.Identifier(lack.Role)} in schema {Sql.Identifier(lack.Schema)}")])}.",
                Listing.Script(grants), Listing.About([.. closed.Select(lack => Sql.Identifier(lack.Schema))]));
    }

    async Task<IEnumerable<Finding>> ReadOnlyAsync(CheckedServer target, CancellationToken ct)
        => await ReadOnlySessions.FixAsync(target, ct) is { } fix
            ?
            [
                Blocker(
                    "sessions on the target are read-only unless they ask for more (default_transaction_read_only)",
                    "The application could not write there after the cutover. A server whose disk runs full is often put in this state; "
                    + "so is the old source of a finished migration.",
                    fix, Sql.Identifier(target.Server.Database)),
            ]
            : [];
}

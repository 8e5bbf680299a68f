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
        if (await Attempt.RunAsync(target.Connection, $"CREATE SCHEMA pgbaton_check_{Guid.NewGuid():n}", ct) is { } refusal)
            return
            [
                refusal.SqlState == PostgresErrorCodes.InsufficientPrivilege
                    ? Blocker(
                        $"role {Sql.Identifier(target.Facts.User)} may not create anything in the target", $"The server says: {refusal.MessageText}.",
                        $"GRANT CREATE ON DATABASE {Sql.Identifier(target.Server.Database)} TO "
                        + $"{Sql.Identifier(target.Facts.User)};", Sql.Identifier(target.Server.Database))
                    : Blocker(
                        "the target cannot be written", $"The server says: {refusal.MessageText} (SQLSTATE {refusal.SqlState}).", null,
                        target.Server.Address),
            ];

        await using var plain = await target.Server.OpenPlainAsync(ct);
        return await plain.QueryValueAsync<string>("SHOW default_transaction_read_only", ct) == "on"
            ?
            [
                Blocker(
                    "sessions on the target are read-only unless they ask for more (default_transaction_read_only)",
                    "The application could not write there after the cutover. A server whose disk runs full is often put in this state; "
                    + "so is the old source of a finished migration.",
                    $"ALTER DATABASE {Sql.Identifier(target.Server.Database)} RESET default_transaction_read_only;  -- or ALTER ROLE … "
                    + "RESET, ALTER SYSTEM RESET", Sql.Identifier(target.Server.Database)),
            ]
            : [];
    }
}

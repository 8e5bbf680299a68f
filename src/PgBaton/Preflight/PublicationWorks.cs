using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// By doing it, and taking it back. The lock that it takes (SHARE UPDATE EXCLUSIVE) keeps nobody from reading or writing; the wait for it is
/// shorter than what would make the server cancel an autovacuum, and the tables go in batches, lest the shared lock table run full.
/// </summary>
sealed class PublicationWorks() : Check(
    "PB1024", "replication", "May we publish the tables?", "a publication of the tables could be made", onlyBefore: true, onlyFollowing: true)
{
    const int Batch = 500;
    const int LockTimeoutMilliseconds = 300;

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var facts = servers.Source.Facts;
        if (facts.IsInRecovery)
            return [Notice("not tried: the source is a standby (PB1012)")];
        if (!facts.MayCreate)
            return
            [
                Blocker(
                    $"role {Sql.Identifier(facts.User)} may not make a publication: it lacks CREATE on the database", null,
                    $"GRANT CREATE ON DATABASE {Sql.Identifier(servers.Source.Server.Database)} TO "
                    + $"{Sql.Identifier(facts.User)};", Sql.Identifier(facts.User)),
            ];
        var tables = servers.Tables.Where(table => table.Table.IsLogged && table.IsOwned).Select(table => table.Name).ToList();
        var findings = new List<Finding>();
        foreach (var batch in tables.Chunk(Batch))
        {
            if (await TryAsync(servers.Source.Connection, batch, ct) is { } finding)
                findings.Add(finding);
        }

        return findings;
    }

    async Task<Finding?> TryAsync(NpgsqlConnection connection, IReadOnlyCollection<string> tables, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (name, isMade) = ($"pgbaton_check_{Guid.NewGuid():n}", false);
        try
        {
            await connection.ExecuteAsync($"SET LOCAL lock_timeout = {LockTimeoutMilliseconds}", ct);
            await connection.ExecuteAsync(
                $"CREATE PUBLICATION {name} FOR TABLE {string.Join(", ", tables.Select(table => $"ONLY {table}"))}", ct);
            isMade = true;
            await connection.ExecuteAsync($"DROP PUBLICATION {name}", ct);
            await transaction.RollbackAsync(ct);
            return null;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return Notice(
                "not tried on every table: one of them is being vacuumed or altered just now",
                $"The server says: {failure.MessageText}. Owner and privileges are in order.");
        }
        catch (PostgresException failure) when (isMade)
        {
            return Blocker(
                "a publication can be made and not dropped again", $"The server says: {failure.MessageText} (SQLSTATE {failure.SqlState}).",
                "Hold back the event trigger that forbids it until \"pgbaton finish\" is done: ALTER EVENT TRIGGER … DISABLE;");
        }
        catch (PostgresException failure)
        {
            return Blocker(
                "the tables cannot be published", $"The server says: {failure.MessageText} (SQLSTATE {failure.SqlState}).",
                failure.SqlState == PostgresErrorCodes.InsufficientPrivilege ? "Make our role the owner of the tables, or exclude them with -T."
                    : "If an event trigger forbids it, hold it back until \"pgbaton finish\" is done: ALTER EVENT TRIGGER … DISABLE;");
        }
    }
}

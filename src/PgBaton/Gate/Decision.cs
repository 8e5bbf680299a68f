using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>The point of no return of a cutover: one conditional commit on the publisher, which closes its gate for good.</summary>
static class Decision
{
    /// <summary>
    /// The publisher's own answer. It waits for a decision whose COMMIT is still under way: what a plain read returns then may be wrong a
    /// moment later.
    /// </summary>
    public static async Task<bool> IsMadeAsync(Migration migration, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.Writer, ct) == migration.Direction.Subscriber.Name)
            return true;
        await using var publisher = await migration.Direction.Publisher.OpenAsync("decision", ct);
        if (await GateRow.FindAsync(publisher, ct) is not { } row || row.Migration != migration.Journal.Name)
            return false;
        await publisher.ExecuteAsync("SET lock_timeout = '3s'", ct);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await publisher.QueryValueAsync<bool>("SELECT is_closed FROM pgbaton.gate FOR SHARE", ct);
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < 3)
            {
                await EndHoldersAsync(publisher, ct);
            }
        }
    }

    /// <summary>Ends sessions that have written the gate's row and not committed: they belong to an engine that sleeps or is gone.</summary>
    public static Task EndHoldersAsync(NpgsqlConnection publisher, CancellationToken ct)
        => publisher.ExecuteAsync(
            """
            SELECT pg_catalog.pg_terminate_backend(l.pid)
              FROM pg_catalog.pg_locks l
             WHERE l.relation = 'pgbaton.gate'::pg_catalog.regclass
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
               AND l.mode = 'RowExclusiveLock' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
            """,
            ct);
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>
/// Runs a command that locks a table, one table a transaction, on a database in use: it holds one lock at a time, so it can be part of no
/// deadlock, and gives up each wait before writers that queue behind it notice.
/// </summary>
static class TableByTable
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <exception cref="MigrationException">PB0705: a table stayed locked for a minute.</exception>
    public static async Task RunAsync<T>(
        NpgsqlConnection connection, IReadOnlyCollection<T> tables, Func<T, string> command, Migration migration, CancellationToken ct)
        where T : notnull
    {
        var deadlock = await connection.QueryValueAsync<int>(
            "SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'", ct);
        var started = migration.Time.GetTimestamp();
        var waiting = tables.ToList();
        var isTold = false;
        for (var round = 1; waiting.Count > 0; round++)
        {
            await connection.ExecuteAsync($"SET lock_timeout = {Timeout(round, deadlock)}", ct);
            var locked = new List<T>();
            foreach (var table in waiting)
            {
                if (!await TryAsync(connection, command(table), ct))
                    locked.Add(table);
            }

            waiting = locked;
            if (waiting.Count > 0 && migration.Time.GetElapsedTime(started) > _patience)
                throw Errors.TableLocked(waiting[0].ToString()!, waiting.Count, await HoldersAsync(connection, waiting[0].ToString()!, ct));
            if (waiting.Count > 0 && !isTold && migration.Time.GetElapsedTime(started) > Patience.Silence)
            {
                isTold = true;
                migration.Report(new Notice(await DescribeAsync(connection, waiting, ct)));
            }

            if (waiting.Count > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1000, 50 * round)), migration.Time, ct);
        }

        await connection.ExecuteAsync("SET lock_timeout = 0", ct);
    }

    // Every fourth round outlives deadlock_timeout: only then does the server send an autovacuum away that holds the table.
    static int Timeout(int round, int deadlock) => round % 4 == 0 ? deadlock + 250 : Math.Max(1, Math.Min(500, deadlock / 2));

    // False if the lock was not to be had. A table that was dropped meanwhile needs nothing any more.
    static async Task<bool> TryAsync(NpgsqlConnection connection, string command, CancellationToken ct)
    {
        try
        {
            await connection.ExecuteAsync(command, ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    // Writers go on meanwhile, so nobody but the operator would notice.
    static async Task<string> DescribeAsync<T>(NpgsqlConnection connection, IReadOnlyList<T> waiting, CancellationToken ct)
        where T : notnull
    {
        var table = waiting[0].ToString()!;
        var others = waiting.Count > 1 ? $" and {waiting.Count - 1} more" : "";
        var holders = await HoldersAsync(connection, table, ct);
        return $"the gate waits for table {table}{others}{(holders.Length > 0 ? $", locked by {holders}" : "")}; nobody else waits for it";
    }

    /// <summary>Who holds locks on a table: sessions with their application_name, prepared transactions; empty where nobody does.</summary>
    public static async Task<string> HoldersAsync(NpgsqlConnection connection, string table, CancellationToken ct)
        => string.Join(", ", await connection.QueryAsync(
            """
            SELECT DISTINCT coalesce('session ' || l.pid || ' (' || nullif(a.application_name, '') || ')', 'session ' || l.pid, 'a prepared transaction')
              FROM pg_catalog.pg_locks l
              LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             WHERE l.relation = pg_catalog.to_regclass($1) AND l.granted AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            """,
            row => row.GetString(0), ct, table));
}

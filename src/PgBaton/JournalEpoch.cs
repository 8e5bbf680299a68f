using Npgsql;
using PgBaton.Postgres;

namespace PgBaton;

/// <summary>
/// Keeps a former engine from writing. Every transaction on either side ends with one of the two checks here; taking over waits for
/// transactions that have already passed theirs, and ends sessions of a process that sleeps with the row locked.
/// </summary>
static class JournalEpoch
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>The last statement of a transaction that does not move the progress row. FOR SHARE: weaker locks let a take-over pass.</summary>
    public static async Task CheckAsync(NpgsqlConnection connection, long epoch, CancellationToken ct)
    {
        var rows = await connection.QueryAsync("SELECT FROM pgbaton.engine WHERE epoch = $1 FOR SHARE", _ => true, ct, epoch);
        if (rows.Count == 0)
            throw Errors.TakenOver(epoch);
    }

    /// <summary>Returns the new epoch. After it, nothing of an older engine can commit on that side any more.</summary>
    /// <param name="connection">Of the target, which gives the epochs; or of the source, which takes them.</param>
    /// <param name="epoch">The source's; null: the next one.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static Task<long> RaiseAsync(NpgsqlConnection connection, long? epoch, CancellationToken ct)
        => TakeAsync(connection, () => RaiseInTransactionAsync(connection, epoch, ct), ct);

    /// <summary>
    /// One transaction over rows that a former engine may have locked. Whoever keeps them for longer than any transaction of a living engine takes is of
    /// a process that sleeps, or is gone: such sessions are ended, and the transaction is tried again.
    /// </summary>
    /// <param name="connection">Of either side.</param>
    /// <param name="work">Inside the transaction; may be done several times.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task<T> TakeAsync<T>(NpgsqlConnection connection, Func<Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await connection.ExecuteAsync($"SET LOCAL lock_timeout = {_patience.TotalMilliseconds:0}", ct);
                var result = await work();
                await transaction.CommitAsync(ct);
                return result;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < 10)
            {
                await EndHoldersAsync(connection, ct);
            }
        }
    }

    static async Task<long> RaiseInTransactionAsync(NpgsqlConnection connection, long? wanted, CancellationToken ct)
    {
        var epoch = await connection.QueryValueAsync<long>(
            """
            INSERT INTO pgbaton.engine AS e (epoch, host, pid) VALUES (coalesce($3::bigint, 1), $1, $2)
            ON CONFLICT (single) DO UPDATE SET epoch = coalesce($3::bigint, e.epoch + 1), host = excluded.host, pid = excluded.pid, started_at = now()
            RETURNING epoch
            """,
            ct, Environment.MachineName, Environment.ProcessId, wanted);
        await connection.ExecuteAsync(
            "INSERT INTO pgbaton.progress (epoch) VALUES ($1) ON CONFLICT (single) DO UPDATE SET epoch = excluded.epoch", ct, epoch);
        return epoch;
    }

    // Of the gate only our own sessions: the writers' trigger reads it.
    static Task EndHoldersAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.ExecuteAsync(
            """
            SELECT pg_catalog.pg_terminate_backend(l.pid)
              FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             WHERE (l.relation IN ('pgbaton.engine'::pg_catalog.regclass, 'pgbaton.progress'::pg_catalog.regclass)
                    OR (l.relation = pg_catalog.to_regclass('pgbaton.gate') AND a.application_name LIKE 'pgbaton/%'))
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
               AND l.mode IN ('RowShareLock', 'RowExclusiveLock')
               AND l.granted
               AND l.pid <> pg_catalog.pg_backend_pid()
            """,
            ct);
}

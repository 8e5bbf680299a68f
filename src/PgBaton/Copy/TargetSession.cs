using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// A session that loads rows. It commits without waiting for the disk: what is lost by a crash of the target is lost together with the
/// journal's word that it was there, and the step ends with a commit that waits.
/// </summary>
sealed class TargetSession : IAsyncDisposable
{
    /// <summary>As in pg_stat_activity, after <c>pgbaton/</c>.</summary>
    public const string Name = "copy";

    TargetSession(NpgsqlConnection connection, bool isReplica) => (Connection, IsReplica) = (connection, isReplica);

    public NpgsqlConnection Connection { get; }

    /// <summary>Triggers and foreign keys do not fire: <c>session_replication_role = replica</c>, where the role may set it.</summary>
    public bool IsReplica { get; }

    public static async Task<TargetSession> OpenAsync(CopyRoute route, CancellationToken ct)
    {
        var patience = (int)route.LockTimeout.TotalMilliseconds;
        var connection = await route.Target.OpenAsync(Name, ct);
        try
        {
            await connection.ExecuteAsync($"SET synchronous_commit = off; SET lock_timeout = {patience}", ct);
            return new TargetSession(connection, await BecomeReplicaAsync(connection, ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends what a former engine left on the target: a process that was stopped, not killed, still holds its locks. Only for the holder of the
    /// engine's lock.
    /// </summary>
    public static Task EndFormerAsync(Journal journal, CancellationToken ct)
        => journal.TakeTurnAsync(c => c.ExecuteAsync(
            """
            SELECT pg_catalog.pg_terminate_backend(pid)
              FROM pg_catalog.pg_stat_activity
             WHERE datname = pg_catalog.current_database() AND usename = current_user AND application_name = $1
            """, ct, $"pgbaton/{Name}"), ct);

    /// <summary>Inside a transaction: leaves the table without rows. True if COPY may FREEZE now.</summary>
    /// <exception cref="MigrationException">PB0407: foreign keys keep it from being emptied.</exception>
    public async Task<bool> EmptyAsync(TableCopy table, CancellationToken ct)
    {
        // New files for it take longer than a page of rows.
        if ((table.IsReferenced || table.IsSmall) && !await Connection.QueryValueAsync<bool>($"SELECT EXISTS (SELECT FROM {table.Target.QualifiedName})", ct))
            return false;
        var only = table.Target.HoldsRows ? "ONLY " : ""; // A partitioned table cannot be emptied alone.
        if (!table.IsReferenced)
        {
            await Connection.ExecuteAsync($"TRUNCATE {only}{table.Target.QualifiedName}", ct);
            return table.Target.HoldsRows;
        }

        if (!IsReplica) // ON DELETE CASCADE would reach into tables that are complete.
            throw Errors.CannotEmpty(table.Target.QualifiedName);
        await Connection.ExecuteAsync($"DELETE FROM {only}{table.Target.QualifiedName}", ct);
        return false;
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    static async Task<bool> BecomeReplicaAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            await connection.ExecuteAsync("SET session_replication_role = replica", ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }
}

using Npgsql;

namespace PgBaton.Postgres;

/// <summary>One row of pg_replication_slots.</summary>
/// <param name="WalStatus">reserved, extended, unreserved or lost.</param>
/// <param name="RetainedBytes">WAL the server keeps for it.</param>
/// <param name="SafeBytes">WAL that may still be written before the slot is lost; null where nothing limits it.</param>
sealed record ReplicationSlot(
    string Name, bool IsActive, int? ActivePid, Lsn? RestartLsn, Lsn? ConfirmedFlushLsn, string? WalStatus, long? RetainedBytes, long? SafeBytes)
{
    public static Task<ReplicationSlot?> FindAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.QueryFirstAsync(
            $"""
            SELECT slot_name::text, active, active_pid, restart_lsn, confirmed_flush_lsn, {StatusColumns(connection)},
                   (pg_catalog.pg_current_wal_lsn() - restart_lsn)::bigint
              FROM pg_catalog.pg_replication_slots
             WHERE slot_name = $1
            """,
            reader => new ReplicationSlot(
                reader.GetString(0), reader.GetBoolean(1), reader.GetNullable<int?>(2), reader.GetNullable<Lsn?>(3), reader.GetNullable<Lsn?>(4),
                reader.GetNullable<string>(5), reader.GetNullable<long?>(7), reader.GetNullable<long?>(6)),
            ct, name);

    /// <summary>Ends the session that reads it, then drops it. Nothing happens if there is none.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        for (var attempt = 1; await FindAsync(connection, name, ct) is { } slot; attempt++)
        {
            if (slot.ActivePid is { } pid)
                await connection.ExecuteAsync("SELECT pg_catalog.pg_terminate_backend($1)", ct, pid);
            try
            {
                await connection.ExecuteAsync("SELECT pg_catalog.pg_drop_replication_slot($1)", ct, name);
                return;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct); // The session that was told to end needs a moment.
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedObject)
            {
                return;
            }
        }
    }

    // wal_status and safe_wal_size came with 13.
    static string StatusColumns(NpgsqlConnection connection)
        => connection.PostgreSqlVersion.Major >= 13 ? "wal_status, safe_wal_size" : "NULL::text, NULL::bigint";
}

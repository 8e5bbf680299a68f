using Npgsql;

namespace PgBaton.Postgres;

/// <summary>One row of pg_replication_slots.</summary>
/// <param name="WalStatus">reserved, extended, unreserved or lost.</param>
/// <param name="RetainedBytes">WAL the server keeps for it.</param>
/// <param name="SafeBytes">WAL that may still be written before the slot is lost; null where nothing limits it.</param>
sealed record ReplicationSlot(
    string Name, bool IsActive, int? ActivePid, Lsn? RestartLsn, Lsn? ConfirmedFlushLsn, string? WalStatus, long? RetainedBytes, long? SafeBytes)
{
    /// <summary>Null if there is none.</summary>
    public static Task<ReplicationSlot?> FindAsync(NpgsqlConnection connection, string name, CancellationToken ct)
        => connection.QueryFirstAsync(QueryOf(connection, "$1"), Read, ct, name);

    /// <summary>The row that <see cref="Read"/> reads, or none.</summary>
    /// <param name="connection">To the server that has it.</param>
    /// <param name="name">An SQL expression.</param>
    public static string QueryOf(NpgsqlConnection connection, string name)
        => $"""
            SELECT slot_name::text, active, active_pid, restart_lsn, confirmed_flush_lsn, {StatusColumns(connection)},
                   (pg_catalog.pg_current_wal_lsn() - restart_lsn)::bigint
              FROM pg_catalog.pg_replication_slots
             WHERE slot_name = {name}
            """;

    /// <summary>One row of that query.</summary>
    public static ReplicationSlot Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetBoolean(1), row.GetNullable<int?>(2), row.GetNullable<Lsn?>(3), row.GetNullable<Lsn?>(4),
        row.GetNullable<string>(5), row.GetNullable<long?>(7), row.GetNullable<long?>(6));

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

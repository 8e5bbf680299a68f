using Npgsql;

namespace PgBaton.Postgres;

/// <summary>A subscription of ours, as the subscriber's pg_subscription and its statistics have it. Needs PostgreSQL 15.</summary>
/// <param name="Oid">The origin of what it applies is <c>pg_</c> and this.</param>
/// <param name="IsEnabled">False: not yet, or somebody has stopped it.</param>
/// <param name="WorkerPid">Null: nothing applies at this moment.</param>
/// <param name="ReceivedLsn">What the worker has received; null without one.</param>
/// <param name="ErrorCount">How often the worker has ended over an error since it was made: a change that it cannot apply, a connection that was lost. It tries again after 5 s.</param>
sealed record LogicalSubscription(uint Oid, bool IsEnabled, int? WorkerPid, Lsn? ReceivedLsn, long ErrorCount)
{
    static readonly TimeSpan _workerInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a worker may take to end by itself, once the subscription is disabled.</summary>
    static readonly TimeSpan _workerPatience = TimeSpan.FromSeconds(10);

    /// <summary>What an apply worker leaves behind as applied, by the end of the newest commit.</summary>
    public string Origin => $"pg_{Oid}";

    /// <summary>Null if there is none, or the server is too old to have one of ours.</summary>
    public static async Task<LogicalSubscription?> FindAsync(NpgsqlConnection subscriber, string name, CancellationToken ct)
        => subscriber.PostgreSqlVersion.Major < ServerVersion.OldestSubscriberMajor ? null : await subscriber.QueryFirstAsync(QueryOf("$1"), Read, ct, name);

    /// <summary>For servers that can have one of ours: the row that <see cref="Read"/> reads, or none.</summary>
    /// <param name="name">An SQL expression.</param>
    public static string QueryOf(string name)
        => $"""
            SELECT s.oid, s.subenabled, w.pid, w.received_lsn, coalesce(e.apply_error_count, 0)
              FROM pg_catalog.pg_subscription s
              LEFT JOIN pg_catalog.pg_stat_subscription w ON w.subid = s.oid AND w.relid IS NULL
              LEFT JOIN pg_catalog.pg_stat_subscription_stats e ON e.subid = s.oid
             WHERE s.subname = {name} AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
             ORDER BY w.pid LIMIT 1
            """;

    /// <summary>One row of that query.</summary>
    public static LogicalSubscription Read(NpgsqlDataReader row)
        => new(row.GetFieldValue<uint>(0), row.GetBoolean(1), row.GetNullable<int?>(2), row.GetNullable<Lsn?>(3), row.GetInt64(4));

    /// <summary>
    /// Makes it, not enabled, on a slot and a publication of the same name. Connects to the publisher for the list of tables, all of which count
    /// as copied. Rows of any origin are asked for: what the publisher itself has from elsewhere is to arrive too.
    /// </summary>
    /// <exception cref="PostgresException">The server refuses, or cannot reach the publisher.</exception>
    public static async Task CreateAsync(NpgsqlConnection subscriber, string name, string conninfo, CancellationToken ct)
    {
        // The password must stand neither in the text of a command, which servers write into logs, nor in the context of an error.
        await subscriber.QueryValueAsync<string>("SELECT pg_catalog.set_config('pgbaton.conninfo', $1, false)", ct, conninfo);
        try
        {
            await subscriber.ExecuteAsync($"DO {Sql.Literal(
                $"""
                BEGIN
                    EXECUTE pg_catalog.format({Sql.Literal($"CREATE SUBSCRIPTION {Sql.Identifier(name)} CONNECTION %L PUBLICATION {Sql.Identifier(name)} WITH ({Options(subscriber, name)})")},
                                              pg_catalog.current_setting('pgbaton.conninfo'));
                EXCEPTION WHEN OTHERS THEN
                    RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
                END
                """)}", ct);
        }
        finally
        {
            await subscriber.QueryValueAsync<string>("SELECT pg_catalog.set_config('pgbaton.conninfo', '', false)", CancellationToken.None);
        }
    }

    /// <summary>Disables it, and returns once nothing of it applies any more. A worker that waits for a lock is ended.</summary>
    public static async Task StopAsync(NpgsqlConnection subscriber, string name, TimeProvider time, CancellationToken ct)
    {
        await subscriber.ExecuteAsync($"ALTER SUBSCRIPTION {Sql.Identifier(name)} DISABLE", ct);
        var started = time.GetTimestamp();
        // A worker that starts after this has read that the subscription is disabled, and ends before it applies anything.
        while (await FindAsync(subscriber, name, ct) is { WorkerPid: { } pid })
        {
            if (time.GetElapsedTime(started) > _workerPatience)
                await subscriber.ExecuteAsync("SELECT pg_catalog.pg_terminate_backend($1)", ct, pid);
            await Task.Delay(_workerInterval, time, ct);
        }
    }

    /// <summary>Drops it and leaves the slot alone. Nothing happens if there is none.</summary>
    public static async Task DropAsync(NpgsqlConnection subscriber, string name, TimeProvider time, CancellationToken ct)
    {
        if (await FindAsync(subscriber, name, ct) is null)
            return;
        await StopAsync(subscriber, name, time, ct);
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await ForgetAsync(subscriber, name, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Inside a transaction, when it is stopped: drops it, and leaves the slot alone.</summary>
    public static async Task ForgetAsync(NpgsqlConnection subscriber, string name, CancellationToken ct)
    {
        await subscriber.ExecuteAsync($"ALTER SUBSCRIPTION {Sql.Identifier(name)} SET (slot_name = NONE)", ct);
        await subscriber.ExecuteAsync($"DROP SUBSCRIPTION {Sql.Identifier(name)}", ct);
    }

    // No disable_on_error: a lost connection is an error, too, and would end replication until somebody looks. run_as_owner: as our own stream does,
    // it writes as the role that migrates, and not as each table's owner.
    static string Options(NpgsqlConnection subscriber, string slot)
        => $"create_slot = false, slot_name = {Sql.Literal(slot)}, copy_data = false, enabled = false, streaming = off"
            + (subscriber.PostgreSqlVersion.Major >= 16 ? ", run_as_owner = true, origin = any" : "");
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Gate;

/// <summary>
/// The source's gate, closed by the operator's wish before the copy. Unlike a fence it outlives the session that closed it and every process of
/// ours, and has no time limit: writers are refused, not kept waiting, until a cutover decides or abort lifts it.
/// </summary>
static class SourceHold
{
    /// <summary>Puts the trigger on every table, waits for the writes in flight, and refuses every later one.</summary>
    /// <returns>True if it was held all the time since an earlier call.</returns>
    /// <exception cref="MigrationException">PB0705, PB0706; PB0722: writers did not end within --lock-timeout.</exception>
    public static async Task<bool> SetAsync(Migration migration, CancellationToken ct)
    {
        await SourceGate.ArmAsync(migration, ct);
        await using var source = await migration.Source.OpenAsync("hold", ct);
        if (await IsSetAsync(source, ct))
            return true;
        var patience = migration.Options.LockTimeout;
        await using var transaction = await source.BeginTransactionAsync(ct);
        await source.ExecuteAsync($"SET LOCAL lock_timeout = {patience.TotalMilliseconds:0}; SET LOCAL synchronous_commit = on", ct);
        await GateLock.WatchClientAsync(source, ct);
        try
        {
            // Until the commit: then the row and the function tell everybody who waited for it.
            await source.ExecuteAsync($"SELECT pg_catalog.pg_advisory_xact_lock({GateSql.Lock})", ct);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.RollbackAsync(ct);
            throw Errors.SourceNotClosed(patience, await GateLock.DescribeWritersAsync(source, ct));
        }

        await source.ExecuteAsync(GateSql.GateClosed, ct);
        await source.ExecuteAsync(
            "UPDATE pgbaton.gate SET is_held = true, message = $1, hint = $2", ct,
            $"database \"{migration.Source.Database}\" takes no writes while it is moved to another server",
            "Try again when the move is over, on the new server if it has succeeded.");
        await JournalEpoch.CheckAsync(source, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        return false;
    }

    /// <summary>Whether that side is held closed.</summary>
    public static async Task<bool> IsSetAsync(NpgsqlConnection source, CancellationToken ct)
        => await GateRow.ExistsAsync(source, ct) && await source.QueryValueAsync<bool>("SELECT is_held FROM pgbaton.gate", ct);

    /// <summary>Writers go on at once. The triggers stay until the gate is dropped.</summary>
    public static async Task LiftAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("hold", ct);
        if (!await IsSetAsync(source, ct) || await GateRow.FindAsync(source, ct) is not { IsClosed: false } row || row.Migration != migration.Journal.Name)
            return;
        await using var transaction = await source.BeginTransactionAsync(ct);
        await source.ExecuteAsync(GateSql.GateArmed, ct);
        await source.ExecuteAsync("UPDATE pgbaton.gate SET is_held = false", ct);
        await JournalEpoch.CheckAsync(source, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}

using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Lets act what was held back: before writers come in, identity ALWAYS, triggers, rules, row security and foreign keys (these unvalidated,
/// which takes a moment); afterwards, whatever takes long.
/// </summary>
static class Opening
{
    const int BatchSize = 50;

    /// <summary>
    /// The part that writers must not miss, in the caller's transaction: if that is rolled back, all is held as before. Quick: no command of
    /// it reads rows.
    /// </summary>
    /// <exception cref="MigrationException">PB0305.</exception>
    public static async Task BeforeOpenAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        foreach (var together in (await PendingAsync(target, "open", ct)).Chunk(BatchSize))
        {
            await using var batch = new NpgsqlBatch(target);
            foreach (var waiting in together)
                EntryRun.Add(batch, waiting.Command);
            try
            {
                await batch.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException refusal) when (!Transient.Is(refusal) && refusal.BatchCommand is NpgsqlBatchCommand failed)
            {
                throw Errors.StatementRefused(together[batch.BatchCommands.IndexOf(failed) / 2].Description, refusal);
            }

            await target.ExecuteAsync(
                "UPDATE pgbaton.waiting SET done_at = pg_catalog.clock_timestamp() WHERE number = ANY ($1)", ct,
                together.Select(waiting => waiting.Number).ToArray());
        }
    }

    /// <summary>
    /// What had to wait until the stream has brought the rows that it is about: constraints that came while it was behind them, a partition whose rows were in another.
    /// One may need another that came later in its place: as long as it gets less, once more.
    /// </summary>
    /// <exception cref="MigrationException">PB0510: the rows do not keep to one.</exception>
    public static async Task BeforeFenceAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        var before = int.MaxValue;
        while (await PendingAsync(target, Waiting.Late, ct) is { Count: > 0 } pending)
        {
            (Pending Waiting, PostgresException Refusal)? first = null;
            foreach (var waiting in pending)
            {
                try
                {
                    await ReleaseAsync(migration, target, waiting, ct);
                }
                catch (PostgresException refusal) when (!Transient.Is(refusal))
                {
                    first ??= (waiting, refusal);
                }
            }

            if (first is { } refused && pending.Count == before)
                throw Errors.DriftRefused(refused.Waiting.Description, refused.Refusal);
            before = pending.Count;
        }
    }

    /// <summary>
    /// Validates foreign keys and refreshes materialized views while writers work. What the server refuses is reported as a warning and
    /// stays in the journal: nobody's writes are stopped for it.
    /// </summary>
    /// <returns>How many could not be done.</returns>
    public static async Task<int> AfterOpenAsync(Migration migration, CancellationToken ct)
    {
        var server = migration.Direction.Subscriber;
        await using var target = await EntryRun.OpenAsync(server, "settle", ct);
        var refused = 0;
        foreach (var waiting in await PendingAsync(target, "settle", ct))
        {
            try
            {
                await ReleaseAsync(migration, target, waiting, ct);
            }
            catch (PostgresException refusal) when (!Transient.Is(refusal))
            {
                refused++;
                await target.ExecuteAsync("UPDATE pgbaton.waiting SET message = $2 WHERE number = $1", ct, waiting.Number, refusal.MessageText);
                migration.Report(new Warning(
                    Errors.NotSettled, $"{waiting.Description}: {refusal.MessageText}", $"Mend the cause, then run on the {server.Name}: {waiting.Command}"));
            }
        }

        return refused;
    }

    /// <summary>For an end of the migration on a side that is not opened: its tables get back all that they had. Nothing if nothing was held.</summary>
    internal static async Task ReleaseAllAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        if (!await target.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass('pgbaton.waiting') IS NOT NULL", ct))
            return;
        foreach (var phase in new[] { "open", "settle" })
        {
            foreach (var waiting in await PendingAsync(target, phase, ct))
                await ReleaseAsync(migration, target, waiting, ct);
        }
    }

    static async Task ReleaseAsync(Migration migration, NpgsqlConnection target, Pending waiting, CancellationToken ct)
    {
        await using var transaction = await target.BeginTransactionAsync(ct);
        await EntryRun.ExecuteAsync(target, waiting.Command, ct);
        await target.ExecuteAsync("UPDATE pgbaton.waiting SET done_at = pg_catalog.clock_timestamp() WHERE number = $1", ct, waiting.Number);
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    static Task<List<Pending>> PendingAsync(NpgsqlConnection target, string phase, CancellationToken ct)
        => target.QueryAsync(
            "SELECT number, description, command FROM pgbaton.waiting WHERE phase = $1 AND done_at IS NULL ORDER BY number",
            row => new Pending(row.GetInt64(0), row.GetString(1), row.GetString(2)), ct, phase);

    sealed record Pending(long Number, string Description, string Command);
}

using Npgsql;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Makes entries on the target, each in one transaction with its outcome in the journal. The server itself parses the commands, whole, by
/// EXECUTE: nothing of ours, and nothing of the driver, looks for semicolons or placeholders in them.
/// </summary>
sealed class EntryRun(Migration migration, NpgsqlConnection connection)
{
    // So many share a transaction and its round trips: 10 000 tables are made in seconds, and no lock table overflows.
    const int ChunkSize = 50;

    const string Execute = "DO 'BEGIN EXECUTE pg_catalog.current_setting(''pgbaton.command''); END'";

    /// <summary>A session on the target for it.</summary>
    public static Task<NpgsqlConnection> OpenAsync(Migration migration, string step, CancellationToken ct) => OpenAsync(migration.Target, step, ct);

    /// <summary>The same on either side.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(Server server, string step, CancellationToken ct)
    {
        var connection = await server.OpenAsync(step, ct);
        await connection.ExecuteAsync(Settings, ct);
        return connection;
    }

    // A commit that a crash takes back takes the journal's row with it: only the end of the step has to be durable.
    const string Settings = "SET check_function_bodies = off; SET client_min_messages = warning; SET synchronous_commit = off";

    // The driver gives a session up for some errors (XX000: a library that does not fit the server) that leave the server's side of it alive.
    async Task ReviveAsync(CancellationToken ct)
    {
        if (connection.State == System.Data.ConnectionState.Open)
            return;
        await connection.CloseAsync();
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync(Settings, ct);
    }

    /// <summary>One or several commands, whatever stands in them; needs a transaction.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string commands, CancellationToken ct, string execute = Execute)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, commands, execute);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Two commands of the batch: one that carries the text, one that executes it.</summary>
    public static void Add(NpgsqlBatch batch, string commands, string execute = Execute)
    {
        batch.BatchCommands.Add(new("SELECT pg_catalog.set_config('pgbaton.command', $1, true)") { Parameters = { new() { Value = commands } } });
        batch.BatchCommands.Add(new(execute));
    }

    /// <summary>In order. Those that are decided about in the meantime are skipped.</summary>
    /// <exception cref="MigrationException">PB0305: the target refused one.</exception>
    public async Task MakeAsync(IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        foreach (var chunk in entries.Chunk(ChunkSize))
        {
            try
            {
                await MakeTogetherAsync(chunk, ct);
            }
            catch (PostgresException refusal) when (!Transient.Is(refusal))
            {
                await ReviveAsync(ct);
                foreach (var entry in chunk)
                    await MakeAsync(entry, ct);
            }
        }
    }

    /// <summary>
    /// One by one; where one is refused, after the others, as long as that helps: a function can read a view of which no dependency tells. The
    /// journal keeps the order that worked, for the next time they are filled.
    /// </summary>
    /// <exception cref="MigrationException">PB0305: the target refused one, whatever came before it.</exception>
    public async Task MakeInAnyOrderAsync(IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        for (var left = entries; left.Count > 0;)
        {
            var refused = new List<(Entry Entry, MigrationException Refusal)>();
            foreach (var entry in left)
            {
                try
                {
                    await MakeAsync(entry, ct);
                }
                catch (MigrationException refusal) when (refusal.Code == "PB0305")
                {
                    refused.Add((entry, refusal));
                }
            }

            if (refused.Count == left.Count)
                throw refused[0].Refusal;
            foreach (var (entry, _) in refused)
                await connection.ExecuteAsync("UPDATE pgbaton.entry SET position = 1 + (SELECT max(position) FROM pgbaton.entry) WHERE dump_id = $1", ct, entry.Id);
            left = [.. refused.Select(r => r.Entry)];
        }
    }

    /// <summary>Returns the seconds it took.</summary>
    /// <exception cref="MigrationException">PB0305: the target refused it.</exception>
    public async Task<double> MakeAsync(Entry entry, CancellationToken ct)
    {
        try
        {
            return await MakeTogetherAsync([entry], ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal))
        {
            if (Refusal.WithoutUnknownOption(entry, refusal) is { } repaired)
            {
                migration.Report(new Notice($"{entry.Description} is made without what the target does not know: {refusal.MessageText}"));
                return await MakeAsync(repaired, ct);
            }

            if (refusal.SqlState == PostgresErrorCodes.DuplicateObject && await MakeRoomAsync(entry, ct))
                return await MakeAsync(entry, ct);

            if (Refusal.WaitsForStream(entry, refusal))
            {
                await DecideAsync(entry, "waits", refusal.MessageText, ct, new Waiting(Waiting.Late, entry.Description, entry.Command));
                return 0;
            }

            var reason = Refusal.IsHarmless(entry, refusal) ? refusal.MessageText : throw Errors.StatementRefused(entry.Description, refusal);
            await DecideAsync(entry, "harmless", reason, ct);
            return 0;
        }
    }

    /// <summary>False: nothing has the name of that constraint that could have another.</summary>
    public async Task<bool> MakeRoomAsync(Entry entry, CancellationToken ct)
    {
        if (await NotNullName.FindAsync(connection, entry, ct) is not { } rename)
            return false;
        await connection.ExecuteAsync(rename, ct);
        migration.Report(new Notice($"{rename}: the name is that of {entry.Description}"));
        return true;
    }

    /// <summary>Records that an entry is not made: harmless, or waits; what else belongs to that decision is done in the same transaction.</summary>
    public async Task DecideAsync(Entry entry, string outcome, string message, CancellationToken ct, params IEnumerable<Waiting> waiting)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("UPDATE pgbaton.entry SET outcome = $2, message = $3 WHERE dump_id = $1", ct, entry.Id, outcome, message);
        foreach (var wait in waiting)
            await wait.RecordAsync(connection, ct);
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        if (outcome == "harmless")
            migration.Report(new Notice($"{entry.Description} was not made: {message}"));
    }

    /// <summary>Ids of entries that wait for step <c>open</c>.</summary>
    public async Task<IReadOnlySet<int>> WaitingIdsAsync(CancellationToken ct)
        => (await connection.QueryAsync("SELECT dump_id FROM pgbaton.entry WHERE outcome = 'waits'", row => row.GetInt32(0), ct)).ToHashSet();

    async Task<double> MakeTogetherAsync(IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var started = migration.Time.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var free = await connection.QueryAsync(
            "SELECT dump_id FROM pgbaton.entry WHERE dump_id = ANY ($1) AND outcome IS NULL ORDER BY dump_id FOR UPDATE",
            row => row.GetInt32(0), ct, entries.Select(entry => entry.Id).ToArray());
        await using var batch = new NpgsqlBatch(connection);
        foreach (var entry in entries.Where(entry => free.Contains(entry.Id)))
        {
            Add(batch, entry.Command);
            if (entry is { Kind: "TABLE", Table: { } table }) // Nobody may ever write a table of ours before the cutover.
                batch.BatchCommands.Add(new(GateTriggers.Arm(Sql.Identifier(table.Schema, table.Name))));
        }

        if (free.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
        var seconds = migration.Time.GetElapsedTime(started).TotalSeconds;
        await connection.ExecuteAsync(
            "UPDATE pgbaton.entry SET outcome = 'done', seconds = $2 WHERE dump_id = ANY ($1)", ct, free.ToArray(), seconds / Math.Max(free.Count, 1));
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        return seconds;
    }
}

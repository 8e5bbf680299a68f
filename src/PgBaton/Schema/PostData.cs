using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Everything that is better made after the rows: indexes and keys that the copy has not built yet, foreign keys, triggers, rules.</summary>
static class PostData
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await RunAsync(migration, new Scope(migration.Options).Includes, ct);
        await SchemaComparison.RunFirstAsync(migration, ct);
    }

    /// <summary>What is not made yet, and ANALYZE of some tables only.</summary>
    public static async Task RunAsync(Migration migration, Func<Table, bool> isNew, CancellationToken ct)
    {
        var jobs = new List<EntryRun>();
        var sessions = new List<NpgsqlConnection>();
        try
        {
            for (var job = 0; job < Math.Max(migration.Options.IndexJobs, 1); job++)
            {
                sessions.Add(await TableIndexes.OpenAsync(migration, ct));
                jobs.Add(new(migration, sessions[^1]));
            }

            await MakeAsync(migration, sessions[0], jobs, ct);
            await Hold.TablesAsync(migration, sessions[0], ct);
            await Hold.EventTriggersAsync(migration, sessions[0], ct);
            await FilledViews.RefreshLaterAsync(migration, sessions[0], empty: [], ct);
            await AnalyzeAsync(migration, sessions, isNew, ct);
        }
        finally
        {
            foreach (var session in sessions)
                await session.DisposeAsync();
        }
    }

    static async Task MakeAsync(Migration migration, NpgsqlConnection target, List<EntryRun> jobs, CancellationToken ct)
    {
        var pending = await Entry.PendingAsync(target, "post-data", ct);
        var tables = (await target.QueryAsync(
            "SELECT dump_id FROM pgbaton.entry WHERE kind IN ('TABLE', 'FOREIGN TABLE', 'MATERIALIZED VIEW')", row => row.GetInt32(0), ct)).ToHashSet();
        var canSetReplicaRole = await migration.Target.CanSetReplicaRoleAsync(ct);
        var wave = Waves(pending);
        await new Schedule([.. pending.Where(entry => wave[entry.Id] == Wave.Indexes)], tables).RunAsync(
            jobs, (job, entries, token) => MakeAsync(migration, job, entries, token), ct);
        await HoldDomainChecksAsync(jobs[0], [.. pending.Where(entry => wave[entry.Id] == Wave.DomainChecks)], ct);
        await new Schedule([.. pending.Where(entry => wave[entry.Id] == Wave.ForeignKeys)], tables).RunAsync(
            jobs, (job, entries, token) => MakeKeysAsync(migration, job, entries, canSetReplicaRole, token), ct);
        // The refresh of a view may call anything, an event trigger sees every command, a REVOKE may meet ourselves: in this order.
        foreach (var last in new[] { Wave.Triggers, Wave.Views, Wave.EventTriggers, Wave.Privileges })
        {
            IReadOnlyList<Entry> entries = [.. pending.Where(entry => wave[entry.Id] == last)];
            await (last == Wave.Views ? jobs[0].MakeInAnyOrderAsync(entries, ct) : jobs[0].MakeAsync(entries, ct));
        }
    }

    enum Wave
    {
        Indexes,
        DomainChecks,
        ForeignKeys,
        Triggers,
        Views,
        EventTriggers,
        Privileges,
    }

    // What needs an entry (a comment on a trigger) goes at the earliest with it.
    static Dictionary<int, Wave> Waves(IEnumerable<Entry> inOrder)
    {
        var waves = new Dictionary<int, Wave>();
        foreach (var entry in inOrder)
        {
            var own = entry.Kind switch
            {
                "CHECK CONSTRAINT" when entry.Table is null => Wave.DomainChecks,
                "FK CONSTRAINT" => Wave.ForeignKeys,
                "TRIGGER" => Wave.Triggers,
                "MATERIALIZED VIEW DATA" => Wave.Views,
                "EVENT TRIGGER" => Wave.EventTriggers,
                "ACL" or "DEFAULT ACL" => Wave.Privileges,
                _ => Wave.Indexes,
            };
            waves[entry.Id] = entry.Needs.Select(need => waves.GetValueOrDefault(need)).Append(own).Max();
        }

        return waves;
    }

    static async Task MakeAsync(Migration migration, EntryRun job, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        if (entries is not [{ IsIndex: true } index])
            await job.MakeAsync(entries, ct);
        else
            migration.Report(new IndexBuilt(index.Description, await job.MakeAsync(index, ct)));
    }

    // Tables copied at different points may disagree until the stream has caught up: then, and where the stream could not switch the check
    // off, the key is added when the target is opened, and validated after.
    static async Task MakeKeysAsync(
        Migration migration, EntryRun job, IReadOnlyList<Entry> entries, bool canSetReplicaRole, CancellationToken ct)
    {
        if (entries is not [{ Kind: "FK CONSTRAINT" } key])
        {
            await MakeWithKeysAsync(job, entries, ct);
            return;
        }

        try
        {
            if (canSetReplicaRole)
                migration.Report(new IndexBuilt(key.Description, await job.MakeAsync(key, ct)));
            else
                await WaitAsync(job, key, ct);
        }
        catch (MigrationException refusal) when (refusal.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            await job.DecideAsync(key, "waits", "rows copied at different moments do not agree yet", ct, Releases(key));
        }
    }

    // Nothing is refused now that could make room for its name.
    static async Task WaitAsync(EntryRun job, Entry key, CancellationToken ct)
    {
        await job.MakeRoomAsync(key, ct);
        await job.DecideAsync(key, "waits", "the role may not set session_replication_role", ct, Releases(key));
    }

    // They are NOT VALID, or they would be part of the domain: rows that break them are in the tables, and the stream writes such rows again.
    static async Task HoldDomainChecksAsync(EntryRun job, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        foreach (var check in entries.Where(entry => entry.Kind == "CHECK CONSTRAINT"))
            await job.DecideAsync(check, "waits", "rows that were there before it may break it", ct, new Waiting("open", check.Description, check.Command));
        await MakeWithKeysAsync(job, [.. entries.Where(entry => entry.Kind != "CHECK CONSTRAINT")], ct);
    }

    // A comment on a key waits with it.
    static async Task MakeWithKeysAsync(EntryRun job, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var waiting = await job.WaitingIdsAsync(ct);
        await job.MakeAsync([.. entries.Where(entry => !entry.Needs.Any(waiting.Contains))], ct);
        foreach (var entry in entries.Where(entry => entry.Needs.Any(waiting.Contains)))
            await job.DecideAsync(entry, "waits", "what it belongs to waits", ct, new Waiting("settle", entry.Description, entry.Command));
    }

    static IEnumerable<Waiting> Releases(Entry key)
    {
        var table = key.Table!.Value;
        var constraint = key.Name[(table.Name.Length + 1)..];
        // pg_dump leaves out ONLY where the table is partitioned.
        var isOfPartitioned = !key.Command.StartsWith("ALTER TABLE ONLY ", StringComparison.Ordinal);
        return ForeignKey.AddThenValidate(
            key.Description, key.Command.TrimEnd().TrimEnd(';'), isOfPartitioned,
            $"ALTER TABLE {Sql.Identifier(table.Schema, table.Name)} VALIDATE CONSTRAINT {Sql.Identifier(constraint)}");
    }

    // A partition is analysed with its root.
    static async Task AnalyzeAsync(Migration migration, IReadOnlyList<NpgsqlConnection> sessions, Func<Table, bool> isNew, CancellationToken ct)
    {
        var tables = (await Table.ListAsync(sessions[0], ct)).Where(table => isNew(table) && !table.IsPartition).Select(table => table.QualifiedName);
        var views = await sessions[0].QueryAsync(
            "SELECT pg_catalog.format('%I.%I', table_schema, table_name) FROM pgbaton.entry WHERE kind = 'MATERIALIZED VIEW DATA' AND outcome = 'done'",
            row => row.GetString(0), ct);
        var names = new System.Collections.Concurrent.ConcurrentQueue<string>(tables.Concat(views));
        await Task.WhenAll(sessions.Select(async session =>
        {
            while (names.TryDequeue(out var name))
                await AnalyzeAsync(migration, session, name, ct);
        }));
    }

    // A foreign partition whose server the target does not reach, an index expression that fails for a row: nothing that rows would have to wait for.
    static async Task AnalyzeAsync(Migration migration, NpgsqlConnection session, string name, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync($"ANALYZE {name}", ct);
        }
        catch (PostgresException refusal) when (!Transient.Is(refusal) || IsAboutAnother(refusal, session))
        {
            migration.Report(new Warning("PB0319", $"{name} is not analyzed: {refusal.MessageText}", $"Mend the cause, then run on the target: ANALYZE {name};"));
        }
    }

    // A connection of the target's own to a foreign server; ours is there.
    static bool IsAboutAnother(PostgresException refusal, NpgsqlConnection session)
        => refusal.SqlState.StartsWith("08", StringComparison.Ordinal) && session.State == System.Data.ConnectionState.Open;
}

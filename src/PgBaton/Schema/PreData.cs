using Npgsql;
using PgBaton.Catalog;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Everything that must exist before rows can be copied, made on the target as the source has it now.</summary>
static class PreData
{
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        await TargetGate.CloseAsync(migration, ct);
        await using var target = await EntryRun.OpenAsync(migration, "pre-data", ct);
        var tables = migration.Options.ExistingSchema
            ? await UseExistingAsync(migration, target, ct)
            : await MakeAsync(migration, target, ct);
        await PutBackReplicaIdentitiesAsync(migration, target, ct);
        await Hold.TablesAsync(migration, target, ct);
        if (!migration.Options.ExistingSchema)
        {
            await Hold.ChecksAsync(migration, target, ct);
            await using var source = await migration.Source.OpenAsync("pre-data", ct);
            await DatabaseSettings.RecordAsync(migration, source, target, ct);
        }

        await TargetGate.ArmAsync(migration, ct);
        if (migration.Options.ExistingSchema)
            await ExistingTables.MustBeEmptyAsync(target, tables, ct); // Checked before, but only now can nobody write any more.
        await ListRelationsAsync(migration, target, tables, ct);
    }

    /// <summary>Takes away what was made, newest first; what was there before stays, and gets back what was held.</summary>
    public static async Task UndoAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await EntryRun.OpenAsync(migration, "pre-data", ct);
        if (migration.Options.ExistingSchema)
        {
            await TargetGate.DropAsync(migration, ct);
            await Opening.ReleaseAllAsync(migration, target, ct);
        }

        await Removal.RunAsync(migration, target, ct);
    }

    static async Task<List<Table>> MakeAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        var source = await Dump.TakeAsync(migration, tellLeftBehind: true, ct);
        var (kept, leftOut) = ArchiveScope.Choose(source.Entries, migration.Options);
        foreach (var sentence in leftOut)
            migration.Report(new Notice(sentence));

        await KeepArchiveAsync(migration, target, [.. await MissingRoles.ListAsync(migration, target, ct), .. kept], ct);
        var run = new EntryRun(migration, target);
        await SkipWhatIsThereAsync(target, run, ct);
        await UnneededExtensions.SkipAsync(migration, target, run, kept, ct);
        await run.MakeAsync(await Entry.PendingAsync(target, "pre-data", ct), ct);
        var scope = new Scope(migration.Options);
        return [.. source.Tables.Where(scope.Includes)];
    }

    // A run that was cut off goes on if the source is still the same; otherwise what it made is of no use.
    static async Task KeepArchiveAsync(Migration migration, NpgsqlConnection target, IReadOnlyList<ArchiveEntry> entries, CancellationToken ct)
    {
        var commands = entries.Select(entry => entry.Command(migration.Options)).ToList();
        var recorded = await target.QueryAsync(
            "SELECT dump_id, command FROM pgbaton.entry ORDER BY position", row => (row.GetInt32(0), row.GetString(1)), ct);
        if (recorded.Count > 0 && recorded.SequenceEqual(entries.Select(entry => entry.Id).Zip(commands)))
            return;

        await Removal.RunAsync(migration, target, ct);
        var comments = await SchemaCommentsAsync(target, ct);
        var roles = entries.Where(entry => entry.Kind == "ROLE").Select(entry => entry.Name).ToHashSet();
        await Entry.StoreAsync(target, entries, commands, Drop, migration, ct);

        // Default privileges that a role gives keep it from being dropped, and go with nothing else.
        string Drop(ArchiveEntry entry)
            => comments.TryGetValue((entry.Kind, entry.Name), out var former) ? former
                : entry.Kind == "DEFAULT ACL" && roles.Contains(entry.Owner) ? string.Join('\n', Inverse.OfPrivileges(entry.Definition, except: ""))
                : entry.Drop;
    }

    // A comment on a schema that was there before is the one thing we replace: dropping ours means putting back the former.
    static async Task<Dictionary<(string Kind, string Name), string>> SchemaCommentsAsync(NpgsqlConnection target, CancellationToken ct)
        => (await target.QueryAsync(
            """
            SELECT pg_catalog.quote_ident(nspname), pg_catalog.obj_description(oid, 'pg_namespace') FROM pg_catalog.pg_namespace WHERE nspname <> 'pgbaton'
            """,
            row => (Schema: row.GetString(0), Comment: row.GetNullable<string>(1)), ct))
            .ToDictionary(
                schema => ("COMMENT", $"SCHEMA {schema.Schema}"),
                schema => $"COMMENT ON SCHEMA {schema.Schema} IS {(schema.Comment is null ? "NULL" : Sql.Literal(schema.Comment))}");

    // Schemas and extensions of the server's owner, and comments on those extensions, are none of our making: they survive an abort.
    static async Task SkipWhatIsThereAsync(NpgsqlConnection target, EntryRun run, CancellationToken ct)
    {
        var there = await target.QueryAsync(
            """
            SELECT 'SCHEMA ' || nspname FROM pg_catalog.pg_namespace UNION ALL SELECT 'EXTENSION ' || extname FROM pg_catalog.pg_extension
            """, row => row.GetString(0).ReplaceLineEndings(" "), ct);
        var skipped = new HashSet<int>();
        foreach (var entry in await Entry.PendingAsync(target, "pre-data", ct))
        {
            var isThere = entry.Kind is "SCHEMA" or "EXTENSION" && there.Contains(entry.Description);
            var isCommentOnIt = entry.Kind == "COMMENT" && entry.Description.StartsWith("COMMENT EXTENSION ", StringComparison.Ordinal)
                && entry.Needs.Any(skipped.Contains);
            if (!isThere && !isCommentOnIt)
                continue;
            skipped.Add(entry.Id);
            await run.DecideAsync(entry, "harmless", "it was there before", ct);
        }
    }

    static async Task<List<Table>> UseExistingAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("pre-data", ct);
        var scope = new Scope(migration.Options);
        var tables = (await Table.ListAsync(source, ct)).Where(scope.Includes).ToList();
        await ExistingTables.MustEqualAsync(source, target, tables, ct);
        await Hold.ForeignKeysAsync(migration, target, ct);
        return tables;
    }

    /// <summary>FULL was only for the time of the migration; the target's tables are to be as the source's were before it.</summary>
    public static async Task PutBackReplicaIdentitiesAsync(Migration migration, CancellationToken ct)
    {
        await using var target = await EntryRun.OpenAsync(migration, "pre-data", ct);
        await PutBackReplicaIdentitiesAsync(migration, target, ct);
    }

    static async Task PutBackReplicaIdentitiesAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        if (migration.Options.ExistingSchema)
            return;
        foreach (var (table, identity) in await Relay.ReplicaIdentity.FormerAsync(migration, Side.Source, ct))
        {
            if (await target.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass($1) IS NOT NULL", ct, table))
                await target.ExecuteAsync($"ALTER TABLE ONLY {table} REPLICA IDENTITY {(identity == 'n' ? "NOTHING" : "DEFAULT")}", ct);
        }
    }

    static async Task ListRelationsAsync(Migration migration, NpgsqlConnection target, IEnumerable<Table> tables, CancellationToken ct)
    {
        var holdingRows = tables.Where(table => table.HoldsRows).ToList();
        var made = (await Table.ListAsync(target, ct)).Where(table => table.HoldsRows).Select(table => table.QualifiedName).ToHashSet();
        if (holdingRows.Find(table => !made.Contains(table.QualifiedName)) is { } missing)
            throw Errors.TableIsMissing(missing.QualifiedName);

        await using var transaction = await target.BeginTransactionAsync(ct);
        await target.ExecuteAsync("DELETE FROM pgbaton.relation", ct);
        await target.ExecuteAsync(
            """
            INSERT INTO pgbaton.relation (oid, schema, name, bytes_total)
            SELECT * FROM unnest($1::oid[], $2::text[], $3::text[], $4::bigint[])
            """, ct,
            holdingRows.Select(table => table.Oid).ToArray(),
            holdingRows.Select(table => table.Schema).ToArray(),
            holdingRows.Select(table => table.Name).ToArray(),
            holdingRows.Select(table => table.Bytes).ToArray());
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}

using Npgsql;
using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Schema;

namespace PgBaton.Tables;

/// <summary>
/// Takes tables that the journal lists as not copied into the stream, while the stream stands: published first, copied from a snapshot taken after
/// that, whose consistent point is where their changes begin to count. All of it follows from the journal and the publication, so that it may be
/// cut off anywhere and run again.
/// </summary>
static class JoinTables
{
    /// <summary>What a run that was cut off has left, and tables that somebody took out of the publication. The relay must not run.</summary>
    /// <exception cref="MigrationException">As <see cref="CompleteAsync"/>.</exception>
    public static async Task ResumeAsync(Migration migration, CancellationToken ct)
    {
        if ((await UnfinishedAsync(migration, ct)).Count > 0 || await HasPendingAsync(migration, ct) || await AreSomeTakenOutAsync(migration, ct))
            await CompleteAsync(migration, ct);
    }

    /// <summary>Before the schema is described: tables that will be published get their replica identity, which is part of the description.</summary>
    /// <exception cref="MigrationException">PB0508.</exception>
    public static async Task NominateAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("tables", ct);
        var published = await Publication.TablesAsync(source, migration.Direction.SlotName, ct);
        var scope = new Scope(migration.Options);
        await ReplicaIdentity.MakeFullAsync(
            migration, Side.Source, source,
            (await Table.ListAsync(source, ct)).FindAll(table => table is { HoldsRows: true, IsLogged: true } && scope.Includes(table) && !published.Contains(table.Oid)), ct);
    }

    /// <summary>
    /// After DDL was settled, the stream may still bring rows of the former shape: such a table is copied again, from behind them. False where
    /// nothing was settled: then somebody else has changed the target.
    /// </summary>
    /// <param name="migration">Whose source's schema and journal agree.</param>
    /// <param name="table">Qualified and quoted.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<bool> CopyAgainAsync(Migration migration, string table, CancellationToken ct)
    {
        var isMarked = await migration.Journal.TakeTurnAsync(
            async c =>
            {
                if (!await c.QueryValueAsync<bool>(
                        "SELECT EXISTS (SELECT FROM pgbaton.word WHERE word IN ('drift', 'tables') AND (outcome ->> 'exit_code')::int = 0)", ct))
                    return false;
                var listed = await c.QueryAsync(
                    "SELECT oid, schema, name FROM pgbaton.relation", row => (Oid: row.GetFieldValue<uint>(0), Name: Sql.Identifier(row.GetString(1), row.GetString(2))), ct);
                return await ListedTables.CopyAgainAsync(c, listed.Where(row => row.Name == table).Select(row => row.Oid), ct) == 1;
            }, ct);
        if (isMarked)
            migration.Report(new Notice($"{table}: the stream brings rows of a shape that it has no longer; it is copied again"));
        return isMarked;
    }

    /// <summary>Publishes, copies and indexes whatever is not.</summary>
    /// <exception cref="MigrationException">PB0305, PB0401 to PB0409, PB0508, PB0705.</exception>
    public static async Task CompleteAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("tables", ct);
        await PublishAsync(migration, source, ct);
        var unfinished = await UnfinishedAsync(migration, ct);
        if (unfinished.Count == 0 && !await HasPendingAsync(migration, ct))
            return;
        if (!migration.Options.ExistingSchema)
            await PreData.PutBackReplicaIdentitiesAsync(migration, ct);
        await CopyTables.CopyAsync(migration, ct);
        var names = unfinished.Select(table => (table.Schema, table.Name)).ToHashSet();
        await PostData.RunAsync(migration, table => names.Contains((table.Schema, table.Name)), ct);
        if (unfinished.Count > 0)
            migration.Report(new Notice($"joined the stream: {string.Join(", ", unfinished.Select(table => Sql.Identifier(table.Schema, table.Name)))}"));
    }

    static Task<List<(uint Oid, string Schema, string Name)>> UnfinishedAsync(Migration migration, CancellationToken ct)
        => migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, ct), ct);

    static Task<bool> HasPendingAsync(Migration migration, CancellationToken ct)
        => migration.Journal.TakeTurnAsync(
            c => c.QueryValueAsync<bool>("SELECT EXISTS (SELECT FROM pgbaton.entry WHERE outcome IS NULL AND section = 'post-data')", ct), ct);

    static async Task<bool> AreSomeTakenOutAsync(Migration migration, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("tables", ct);
        return (await PublishedTables.TakenOutAsync(migration, migration.Direction, source, ct)).Count > 0;
    }

    /// <summary>The publication lists what the journal does. A table that was not published all the time has changes that the stream does not hold: it is copied again.</summary>
    /// <exception cref="MigrationException">PB0508, PB0705.</exception>
    public static async Task PublishAsync(Migration migration, NpgsqlConnection source, CancellationToken ct)
    {
        var publication = migration.Direction.SlotName;
        var published = await Publication.TablesAsync(source, publication, ct);
        var listed = await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync("SELECT oid FROM pgbaton.relation", row => row.GetFieldValue<uint>(0), ct), ct);
        var tables = (await Table.ListAsync(source, ct)).FindAll(table => table is { HoldsRows: true, IsLogged: true });
        var taken = (await PublishedTables.TakenOutAsync(migration, migration.Direction, source, ct)).Select(table => table.Oid).ToHashSet();
        var missing = tables.FindAll(table => listed.Contains(table.Oid) && (!published.Contains(table.Oid) || taken.Contains(table.Oid)));
        if (missing.FindAll(table => taken.Contains(table.Oid)) is { Count: > 0 } again)
            migration.Report(new Notice($"copied again, for somebody took them out of the publication: {string.Join(", ", again.Select(table => table.QualifiedName))}"));
        if (missing.Count > 0)
        {
            await ReplicaIdentity.MakeFullAsync(migration, Side.Source, source, missing, ct);
            await migration.Journal.TakeTurnAsync(c => ListedTables.CopyAgainAsync(c, missing.Select(table => table.Oid), ct), ct);
        }

        var surplus = tables.FindAll(table => published.Contains(table.Oid) && !listed.Contains(table.Oid));
        await PublishedTables.ChangeAsync(migration, migration.Direction, source, async () =>
        {
            missing.RemoveAll(table => published.Contains(table.Oid));
            await TableByTable.RunAsync(source, missing, table => Publication.Add(publication, table.QualifiedName), migration, ct);
            await TableByTable.RunAsync(source, surplus, table => Publication.Remove(publication, table.QualifiedName), migration, ct);
        }, ct);
        await ReplicaIdentity.PutBackAsync(migration, Side.Source, source, surplus, ct);
    }
}

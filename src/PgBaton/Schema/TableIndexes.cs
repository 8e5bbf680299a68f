using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>The indexes, primary key, unique and exclusion constraints of one table.</summary>
static class TableIndexes
{
    /// <summary>Builds what does not exist yet; to be called when all rows are in. May be called again, and by several at once.</summary>
    /// <exception cref="MigrationException">PB0305: the target refused one.</exception>
    public static async Task BuildAsync(Migration migration, IndexSessions sessions, string schema, string table, CancellationToken ct)
    {
        var entries = await migration.Journal.TakeTurnAsync(c => Entry.PendingIndexesAsync(c, schema, table, ct), ct);
        // CREATE INDEX lets others of the table be built meanwhile; ADD CONSTRAINT wants it for itself.
        await Task.WhenAll(entries.Where(entry => entry.Kind == "INDEX").Select(entry => BuildAsync(migration, sessions, entry, ct)));
        foreach (var entry in entries.Where(entry => entry.Kind != "INDEX"))
            await BuildAsync(migration, sessions, entry, ct);
    }

    /// <summary>A session that may use memory for sorting: half of the server's buffer cache is shared out to the jobs, up to 1 GB each.</summary>
    internal static async Task<Npgsql.NpgsqlConnection> OpenAsync(Migration migration, CancellationToken ct)
    {
        var connection = await EntryRun.OpenAsync(migration, "post-data", ct);
        await connection.ExecuteAsync(
            """
            SELECT pg_catalog.set_config('maintenance_work_mem', greatest(
                       pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')),
                       least(1024 * 1024 * 1024, pg_catalog.pg_size_bytes(pg_catalog.current_setting('shared_buffers')) / 2 / $1)) / 1024 || 'kB', false)
            """, ct, Math.Max(migration.Options.IndexJobs, 1));
        return connection;
    }

    static Task BuildAsync(Migration migration, IndexSessions sessions, Entry entry, CancellationToken ct)
        => sessions.UseAsync(
            async session => migration.Report(new IndexBuilt(entry.Description, await new EntryRun(migration, session).MakeAsync(entry, ct))), ct);
}

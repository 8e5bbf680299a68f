using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>What may change on the source while it is followed and is in no stream and no definition: read once more before the fence.</summary>
static class LateChanges
{
    public static async Task RecordAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Direction.IsBack || migration.Options.ExistingSchema)
            return;
        await using var source = await migration.Source.OpenAsync("late", ct);
        await using var target = await EntryRun.OpenAsync(migration.Target, "late", ct);
        await Opening.BeforeFenceAsync(migration, target, ct);
        await DatabaseSettings.RecordAsync(migration, source, target, ct);
        await RecordEmptyViewsAsync(migration, source, target, ct);
    }

    // A materialized view that was emptied since is to be empty on the target as well; and no longer, if it was filled again before the next attempt.
    static async Task RecordEmptyViewsAsync(Migration migration, NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var empty = await source.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'm' AND NOT c.relispopulated
            """, row => (Schema: row.GetString(0), Name: row.GetString(1)), ct);
        await using var transaction = await target.BeginTransactionAsync(ct);
        await target.ExecuteAsync(
            """
            UPDATE pgbaton.waiting w
               SET command = CASE WHEN (e.table_schema, e.table_name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                                  THEN pg_catalog.format('REFRESH MATERIALIZED VIEW %I.%I WITH NO DATA', e.table_schema, e.table_name)
                                  WHEN w.command LIKE '% WITH NO DATA' THEN e.command
                                  ELSE w.command END
              FROM pgbaton.entry e
             WHERE e.kind = 'MATERIALIZED VIEW DATA' AND w.description = e.description AND w.phase = 'settle' AND w.done_at IS NULL
            """, ct, empty.Select(view => view.Schema).ToArray(), empty.Select(view => view.Name).ToArray());
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}

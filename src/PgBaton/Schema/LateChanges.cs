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
        await using var target = await migration.Target.OpenAsync("late", ct);
        await DatabaseSettings.RecordAsync(migration, target, ct);
        await EmptyViewsAsync(migration, target, ct);
    }

    // A materialized view that was emptied since is to be empty on the target as well.
    static async Task EmptyViewsAsync(Migration migration, NpgsqlConnection target, CancellationToken ct)
    {
        await using var source = await migration.Source.OpenAsync("late", ct);
        var empty = await source.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'm' AND NOT c.relispopulated
            """, row => (Schema: row.GetString(0), Name: row.GetString(1)), ct);
        await target.ExecuteAsync(
            """
            UPDATE pgbaton.waiting w
               SET command = pg_catalog.format('REFRESH MATERIALIZED VIEW %I.%I WITH NO DATA', e.table_schema, e.table_name)
              FROM pgbaton.entry e
              JOIN unnest($1::text[], $2::text[]) AS empty (schema, name) ON e.table_schema = empty.schema AND e.table_name = empty.name
             WHERE e.kind = 'MATERIALIZED VIEW DATA' AND w.description = e.description AND w.phase = 'settle' AND w.done_at IS NULL
            """, ct, empty.Select(view => view.Schema).ToArray(), empty.Select(view => view.Name).ToArray());
    }
}

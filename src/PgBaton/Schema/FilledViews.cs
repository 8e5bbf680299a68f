using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>Materialized views that hold rows: changes that are applied are not in them, so that they are filled again when writers work on the target.</summary>
static class FilledViews
{
    /// <summary>
    /// Writes down how, of every one; may be done again. CONCURRENTLY, where an index allows it, lets readers go on. One that is empty on the source becomes
    /// empty on the target as well.
    /// </summary>
    public static async Task RefreshLaterAsync(
        Migration migration, NpgsqlConnection target, IReadOnlyList<(string Schema, string Name)> empty, CancellationToken ct)
    {
        await using var transaction = await target.BeginTransactionAsync(ct);
        await target.ExecuteAsync("DELETE FROM pgbaton.waiting WHERE phase = 'settle' AND done_at IS NULL AND description LIKE 'MATERIALIZED VIEW DATA %'", ct);
        await target.ExecuteAsync(
            """
            INSERT INTO pgbaton.waiting (phase, description, command)
            SELECT 'settle', e.description,
                   CASE WHEN (e.table_schema, e.table_name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                        THEN pg_catalog.format('REFRESH MATERIALIZED VIEW %I.%I WITH NO DATA', e.table_schema, e.table_name)
                        WHEN EXISTS (SELECT FROM pg_catalog.pg_index i
                                      WHERE i.indrelid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', e.table_schema, e.table_name))
                                        AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL)
                        THEN pg_catalog.format('REFRESH MATERIALIZED VIEW CONCURRENTLY %I.%I', e.table_schema, e.table_name)
                        ELSE e.command END
              FROM pgbaton.entry e
             WHERE e.kind = 'MATERIALIZED VIEW DATA' AND e.outcome = 'done'
               AND NOT EXISTS (SELECT FROM pgbaton.waiting w WHERE w.description = e.description AND w.phase = 'settle')
             ORDER BY e.position
            """, ct, empty.Select(view => view.Schema).ToArray(), empty.Select(view => view.Name).ToArray());
        await JournalEpoch.CheckAsync(target, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Those that hold none on the source, any more or yet.</summary>
    public static Task<List<(string Schema, string Name)>> EmptyAsync(NpgsqlConnection source, CancellationToken ct)
        => source.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'm' AND NOT c.relispopulated
            """, row => (row.GetString(0), row.GetString(1)), ct);
}

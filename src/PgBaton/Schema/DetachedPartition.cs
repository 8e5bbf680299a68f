using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>A partition that is a table of its own on the source by now; pg_dump knows no command for it.</summary>
static class DetachedPartition
{
    /// <summary>Null: on the target it is none either, or one of another table.</summary>
    /// <param name="difference">With <see cref="ObjectDifference.Detached"/>.</param>
    /// <param name="partition">Qualified and quoted, as the target knows it.</param>
    /// <param name="target">With the journal.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<SchemaChange?> ExplainAsync(ObjectDifference difference, string partition, NpgsqlConnection target, CancellationToken ct)
    {
        var detach = (await target.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_inherits i
              JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE i.inhrelid = pg_catalog.to_regclass($1)
            """, row => (Schema: row.GetString(0), Name: row.GetString(1)), ct, partition))
            .FindAll(root => Inverse.HaveSameRoot(difference.Former, $"ALTER TABLE ONLY {Renaming.Printed(root)} ATTACH PARTITION "))
            .ConvertAll(root => $"ALTER TABLE {Sql.Identifier(root.Schema, root.Name)} DETACH PARTITION {partition};");
        return detach.Count == 0 ? null : new(difference.Object, difference.What, detach, difference.Was, difference.Now)
        {
            Otherwise = [.. await WithoutKeysAsync(target, partition, ct), .. detach],
        };
    }

    // Rows that refer to the partition's are refused, which on the source are gone, or were referring to others by then. Keys of ours go, and are made again behind the copy.
    static async Task<List<string>> WithoutKeysAsync(NpgsqlConnection target, string partition, CancellationToken ct)
        => (await target.QueryAsync(
            """
            WITH RECURSIVE above (oid) AS (
                SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass($1)
                 UNION
                SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN above ON i.inhrelid = above.oid)
            SELECT n.nspname::text, c.relname::text, k.conname::text, e.dump_id
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pgbaton.entry e ON e.kind = 'FK CONSTRAINT' AND e.outcome = 'done'
               AND (e.table_schema, e.table_name, e.name) = (n.nspname::text, c.relname::text, c.relname || ' ' || k.conname)
             WHERE k.contype = 'f' AND k.confrelid IN (SELECT oid FROM above)
            """,
            row => (string[])
            [
                $"ALTER TABLE {Sql.Identifier(row.GetString(0), row.GetString(1))} DROP CONSTRAINT {Sql.Identifier(row.GetString(2))};",
                $"UPDATE pgbaton.entry SET outcome = NULL WHERE dump_id = {row.GetInt32(3)};",
            ], ct, partition)).SelectMany(statements => statements).ToList();
}

using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>The hash of a label of an enum is made of its oid, which is another one on the target: a row that lies right here lies wrong there.</summary>
sealed class HashPartitions() : Check("PB1074", "schema", "Does no hash of a partition key depend on oids?", "no hash of a partition key depends on oids")
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var scope = new Scope(servers.Options);
        var tables = (await servers.Source.Connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_partitioned_table p
              JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE p.partstrat = 'h'
               AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                             JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                             LEFT JOIN pg_catalog.pg_type e ON e.oid IN (t.typelem, t.typbasetype)
                            WHERE a.attrelid = c.oid AND a.attnum = ANY (p.partattrs::int2[])
                              AND ('e' IN (t.typtype, e.typtype)
                                   OR EXISTS (SELECT FROM pg_catalog.pg_attribute ta JOIN pg_catalog.pg_type tt ON tt.oid = ta.atttypid
                                               WHERE ta.attrelid = t.typrelid AND t.typrelid <> 0 AND NOT ta.attisdropped AND tt.typtype = 'e')))
             ORDER BY 1, 2
            """, row => (Schema: row.GetString(0), Name: row.GetString(1)), ct))
            .FindAll(table => scope.Includes(table.Schema, table.Name)).ConvertAll(table => Sql.Identifier(table.Schema, table.Name));
        return tables.Count == 0
            ? []
            :
            [
                Blocker(
                    $"{Listing.Count(tables.Count, "table is", "tables are")} partitioned by the hash of an enum: {Listing.Of(tables)}",
                    "Rows are carried from partition to partition, and there each would belong to another one.",
                    "Partition by LIST, or by the hash of the label's text, or leave the table out with -T and move it with pg_dump --load-via-partition-root.",
                    Listing.About(tables)),
            ];
    }
}

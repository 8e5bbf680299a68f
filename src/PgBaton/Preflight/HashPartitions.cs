using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// A row that lies right here lies wrong there, where the hash of its key is another one: that of an enum's label is made of its oid, that of a text
/// of its bytes in the database's encoding, and where its collation calls different texts equal, of what the library (ICU) sorts by.
/// </summary>
sealed class HashPartitions() : Check("PB1074", "schema", "Is the hash of every partition key the same on both sides?", "the hash of every partition key is the same on both sides")
{
    const string Partitioned =
        """
        SELECT n.nspname::text, c.relname::text
          FROM pg_catalog.pg_partitioned_table p
          JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE p.partstrat = 'h'
        """;

    const string ByEnum =
        """
           AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                         LEFT JOIN pg_catalog.pg_type e ON e.oid IN (t.typelem, t.typbasetype)
                        WHERE a.attrelid = c.oid AND a.attnum = ANY (p.partattrs::int2[])
                          AND ('e' IN (t.typtype, e.typtype)
                               OR EXISTS (SELECT FROM pg_catalog.pg_attribute ta JOIN pg_catalog.pg_type tt ON tt.oid = ta.atttypid
                                           WHERE ta.attrelid = t.typrelid AND t.typrelid <> 0 AND NOT ta.attisdropped AND tt.typtype = 'e')))
        """;

    // Of the source; such collations came with 12.
    const string ByCollation =
        """
           AND EXISTS (SELECT FROM pg_catalog.pg_collation l
                        WHERE l.oid = ANY (p.partcollation::oid[]) AND pg_catalog.to_jsonb(l) ->> 'collisdeterministic' = 'false')
        """;

    const string ByText = "   AND EXISTS (SELECT FROM pg_catalog.unnest(p.partcollation::oid[]) AS l WHERE l <> 0)";

    // The collation itself may not be on the target yet.
    const string VersionOfIcu =
        "SELECT pg_catalog.pg_collation_actual_version(oid) FROM pg_catalog.pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::pg_catalog.regnamespace";

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (await ListAsync(servers, ByEnum, ct) is { Count: > 0 } byEnum)
        {
            findings.Add(Tell(
                byEnum, "an enum", "The hash of a label is made of its oid.",
                "Partition by LIST, or by the hash of the label's text, or leave the table out with -T and move it with pg_dump --load-via-partition-root."));
        }

        if (servers.Has(Needs.Target) && servers.Source.Facts.Encoding != servers.Target.Facts.Encoding && await ListAsync(servers, ByText, ct) is { Count: > 0 } byText)
        {
            findings.Add(Tell(
                byText, "a text", $"It is made of the letters' bytes, and the source is encoded in {servers.Source.Facts.Encoding}, the target in {servers.Target.Facts.Encoding}.",
                $"Use a target of {servers.Source.Facts.Encoding}, or leave the table out with -T and move it with pg_dump --load-via-partition-root."));
        }

        if (servers.Has(Needs.Target) && await ListAsync(servers, ByCollation, ct) is { Count: > 0 } byCollation)
        {
            var here = await servers.Source.Connection.QueryFirstAsync(VersionOfIcu, row => row.GetNullable<string>(0), ct);
            var there = await servers.Target.Connection.QueryFirstAsync(VersionOfIcu, row => row.GetNullable<string>(0), ct);
            if (here != there)
            {
                findings.Add(Tell(
                    byCollation, "a text whose collation is not deterministic", $"ICU sorts by {here ?? "nothing"} on the source, by {there ?? "nothing"} on the target.",
                    "Partition by the hash of lower(…) in a column of its own, or leave the table out with -T and move it with pg_dump --load-via-partition-root."));
            }
        }

        return findings;
    }

    static async Task<List<string>> ListAsync(Servers servers, string condition, CancellationToken ct)
    {
        var scope = new Scope(servers.Options);
        return (await servers.Source.Connection.QueryAsync(
                $"{Partitioned}\n{condition}\n ORDER BY 1, 2", row => (Schema: row.GetString(0), Name: row.GetString(1)), ct))
            .FindAll(table => scope.Includes(table.Schema, table.Name)).ConvertAll(table => Sql.Identifier(table.Schema, table.Name));
    }

    Finding Tell(IReadOnlyList<string> tables, string key, string why, string fix) => Blocker(
        $"{Listing.Count(tables.Count, "table is", "tables are")} partitioned by the hash of {key}: {Listing.Of(tables)}",
        $"{why} Rows are carried from partition to partition, and there each would belong to another one.", fix, Listing.About(tables));
}

using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Verify;

/// <summary>A table of one side as a snapshot sees it: what is compared, and by what a row is found again.</summary>
/// <param name="Table">Ordinary, partition or partitioned.</param>
/// <param name="Columns">By name, so that both sides print their rows alike whatever the order of their columns.</param>
/// <param name="Key">Names of the primary key's columns, else of the replica identity's, in the key's order; empty if there is neither.</param>
/// <param name="Blocks">Of the heap, when it was looked up; rows of the snapshot lie in no later one.</param>
/// <param name="HasShortestFloats">Its server prints the shortest digits that stand for a float; one before 12 prints 17 of them.</param>
sealed record TableShape(Table Table, IReadOnlyList<Column> Columns, IReadOnlyList<string> Key, long Blocks, bool HasShortestFloats)
{
    public static async Task<Dictionary<TableName, TableShape>> ListAsync(NpgsqlConnection reader, CancellationToken ct)
    {
        var tables = await Table.ListAsync(reader, ct);
        uint[] oids = [.. tables.Select(table => table.Oid)];
        var columns = await Column.ListAsync(reader, oids, ct);
        var identities = (await reader.QueryAsync(
            IdentityColumns, row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)), ct, oids)).ToLookup(row => row.Oid, row => row.Name);
        var blocks = (await reader.QueryAsync(
            HeapBlocks, row => (Oid: row.GetFieldValue<uint>(0), Count: row.GetInt64(1)), ct, oids)).ToDictionary(row => row.Oid, row => row.Count);
        return tables.ToDictionary(
            table => new TableName(table.Schema, table.Name),
            table => new TableShape(
                table, [.. columns[table.Oid].OrderBy(column => column.Name, StringComparer.Ordinal)],
                KeyOf(columns[table.Oid], identities[table.Oid]), blocks[table.Oid], reader.PostgreSqlVersion.Major >= 12));
    }

    static List<string> KeyOf(IEnumerable<Column> columns, IEnumerable<string> identity)
    {
        var key = columns.Where(column => column.KeyPlace > 0).OrderBy(column => column.KeyPlace).Select(column => column.Name).ToList();
        return key.Count > 0 ? key : [.. identity];
    }

    const string IdentityColumns =
        """
        SELECT i.indrelid, a.attname::text
          FROM pg_catalog.pg_index i
         CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
         WHERE i.indrelid = ANY ($1::oid[]) AND i.indisreplident AND i.indisvalid AND k.place <= i.indnkeyatts
         ORDER BY i.indrelid, k.place
        """;

    // A size of 0 for what was dropped meanwhile: the lock will tell.
    const string HeapBlocks =
        """
        SELECT o, coalesce(pg_catalog.pg_relation_size(o) / pg_catalog.current_setting('block_size')::bigint, 0)
          FROM pg_catalog.unnest($1::oid[]) AS o
        """;
}

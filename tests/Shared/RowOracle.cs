using Npgsql;

namespace PgBaton.Tests;

/// <summary>
/// What every table holds, as a multiset of rows printed under pinned settings: an oracle of its own, with nothing of the product in it.
/// </summary>
public static class RowOracle
{
    /// <summary>Table → count and two sums of the rows' hashes.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(TestDatabase database, string kinds = "'r'")
    {
        await using var connection = await TestServer.OpenAsync(database.Uri, "-c search_path="); // Before Npgsql asks for the types.
        await RunAsync(connection, """
            SET search_path = ''; SET extra_float_digits = 3; SET DateStyle = ISO; SET IntervalStyle = postgres; SET TimeZone = UTC;
            SET bytea_output = hex; SET xmloption = content; SET lc_monetary = 'C'; SET row_security = off
            """);
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (table, columns) in await TablesAsync(connection, kinds))
            contents[table] = await ContentAsync(connection, table, columns);
        return contents;
    }

    /// <summary>One table of it.</summary>
    public static async Task<string> OfAsync(TestDatabase database, string table) => (await ReadAsync(database))[table];

    static async Task<string> ContentAsync(NpgsqlConnection connection, string table, string columns)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT count(*) || ' ' || coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0)
                            || ' ' || coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)
              FROM (SELECT pg_catalog.md5(ROW({columns})::text) AS h FROM ONLY {table} AS "_oracle_") AS q
            """, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    static async Task<List<(string Table, string Columns)>> TablesAsync(NpgsqlConnection connection, string kinds)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT format('%I.%I', n.nspname, c.relname),
                   coalesce((SELECT string_agg(format('"_oracle_".%I', a.attname), ',' ORDER BY a.attname)
                               FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ({kinds}) AND c.relispopulated AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync())
            tables.Add((reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

using Npgsql;

namespace PgBaton.Tests.Fidelity;

/// <summary>
/// All that a database holds besides its schema: rows of tables and materialized views, sequences, large objects,
/// settings. Nothing of the product in it.
/// </summary>
static class CaseOracle
{
    public static async Task<SortedDictionary<string, string>> ReadAsync(TestDatabase database)
    {
        var contents = await RowOracle.ReadAsync(database, "'r', 'm'");
        await using var connection = await database.OpenPinnedAsync();
        foreach (var sequence in await ListAsync(connection,
            """
            SELECT format('%I.%I', n.nspname, c.relname), c.relpersistence::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'S' AND n.nspname <> 'pgbaton' AND c.relpersistence <> 't'
            """))
        {
            contents[$"sequence {sequence.Name}"] = (await ListAsync(connection, $"SELECT last_value::text, is_called::text FROM {sequence.Name}"))[0].ToString();
        }

        foreach (var table in await ListAsync(connection,
            """
            SELECT c.oid::regclass::text, string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton') AND c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped
             GROUP BY c.oid
            """))
        {
            contents[$"columns of {table.Name}"] = table.Value; // In their order, by which INSERT without a list goes.
        }

        foreach (var large in await ListAsync(connection,
            "SELECT oid::text, md5(lo_get(oid)) || coalesce(obj_description(oid, 'pg_largeobject'), '') FROM pg_largeobject_metadata"))
        {
            contents[$"large object {large.Name}"] = large.Value;
        }

        foreach (var setting in await ListAsync(connection,
            """
            SELECT split_part(s, '=', 1), s FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS s
             WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND s NOT LIKE 'default_transaction_read_only=%'
            """))
        {
            contents[$"setting {setting.Name}"] = setting.Value;
        }

        return contents;
    }

    /// <summary>The target's views were filled when it was opened; the source's may be as old as their last refresh.</summary>
    public static async Task RefreshAsync(TestDatabase database)
    {
        await using var connection = await TestServer.OpenAsync(database.Uri, "-c default_transaction_read_only=off");
        var views = await ListAsync(connection,
            "SELECT format('%I.%I', n.nspname, c.relname), '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated");
        // One may stand on another: as many times as there are views, whatever their order.
        foreach (var view in Enumerable.Repeat(views, views.Count).SelectMany(all => all))
        {
            await using var refresh = new NpgsqlCommand($"REFRESH MATERIALIZED VIEW {view.Name}", connection);
            await refresh.ExecuteNonQueryAsync();
        }
    }

    static async Task<List<(string Name, string Value)>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync())
            rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }
}

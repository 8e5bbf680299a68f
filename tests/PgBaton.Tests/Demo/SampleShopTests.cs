using Npgsql;
using PgBaton.Cli.Demo.Shop;

namespace PgBaton.Tests.Demo;

public sealed class SampleShopTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task the_shop_has_what_it_promises(int major)
    {
        var size = new ShopSize(5_000);
        await using var server = await DemoServers.StartAsync(major);
        await SampleShop.CreateDatabaseAsync(server, "secret", TestContext.Current.CancellationToken);
        await SampleShop.LoadAsync(server, size, seed: 1, TestContext.Current.CancellationToken);

        await using var connection = await server.OpenAsync("shop", TestContext.Current.CancellationToken);
        foreach (var (feature, query) in _features)
            Assert.True(await ValueAsync<bool>(connection, $"SELECT {query}"), feature);

        var made = await ValueAsync<long>(connection, "SELECT count(*) FROM shop.rating");
        Assert.Equal(size.Total + made, await RowsAsync(connection));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(123_457)]
    [InlineData(ShopSize.Default)]
    [InlineData(ShopSize.Largest)]
    public void there_are_at_least_as_many_rows_as_asked_for(int rows)
        => Assert.InRange(new ShopSize(rows).Total, rows, rows * 1.1 + 2_000);

    [Fact]
    public void the_demo_moves_more_than_a_million_rows_unless_told_otherwise() => Assert.True(new ShopSize(ShopSize.Default).Total > 1_000_000);

    [Fact]
    public async Task equal_seeds_make_equal_rows_and_other_seeds_others()
    {
        await using var server = await DemoServers.StartAsync(17);
        await SampleShop.CreateDatabaseAsync(server, "secret", TestContext.Current.CancellationToken);
        List<string> digests = [];
        foreach (var seed in new[] { 1, 1, 2 })
        {
            await SampleShop.LoadAsync(server, new ShopSize(1_000), seed, TestContext.Current.CancellationToken);
            await using var connection = await server.OpenAsync("shop", TestContext.Current.CancellationToken);
            digests.Add(await ValueAsync<string>(connection, "SELECT md5(string_agg(o::text, ';' ORDER BY id)) FROM shop.orders o"));
            await ValueAsync<object?>(connection, "DROP SCHEMA shop, accounting CASCADE");
        }

        Assert.Equal(digests[0], digests[1]);
        Assert.NotEqual(digests[0], digests[2]);
    }

    static readonly (string Feature, string Query)[] _features =
    [
        ("fifteen tables", "count(*) >= 15 FROM pg_tables WHERE schemaname IN ('shop', 'accounting')"),
        ("two schemas", "count(DISTINCT schemaname) = 2 FROM pg_tables WHERE schemaname IN ('shop', 'accounting')"),
        ("identity always", "count(*) > 0 FROM pg_attribute WHERE attidentity = 'a'"),
        ("identity by default", "count(*) > 0 FROM pg_attribute WHERE attidentity = 'd'"),
        ("serial", "pg_get_serial_sequence('shop.product', 'id') = 'shop.product_id_seq'"),
        ("foreign keys", "count(*) >= 10 FROM pg_constraint WHERE contype = 'f'"),
        ("a foreign key that cascades", "count(*) > 0 FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'"),
        ("a deferred foreign key", "count(*) > 0 FROM pg_constraint WHERE contype = 'f' AND condeferred"),
        ("a deferred unique constraint", "count(*) > 0 FROM pg_constraint WHERE contype = 'u' AND condeferred"),
        ("an exclusion constraint", "count(*) > 0 FROM pg_constraint WHERE contype = 'x'"),
        ("check constraints", "count(*) > 0 FROM pg_constraint WHERE contype = 'c'"),
        ("a partitioned table with leaves", "count(*) >= 4 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE c.relkind = 'p'"),
        ("an index of one leaf alone", "count(*) > 0 FROM pg_index i JOIN pg_class t ON t.oid = indrelid AND t.relispartition "
            + "JOIN pg_class x ON x.oid = indexrelid AND NOT x.relispartition"),
        ("enum", "count(*) > 0 FROM pg_enum"),
        ("domains", "count(*) >= 2 FROM pg_type WHERE typtype = 'd' AND typnamespace IN ('shop'::regnamespace, 'accounting'::regnamespace)"),
        ("arrays, jsonb, numeric, timestamptz, bytea, uuid", "count(DISTINCT atttypid) = 6 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid "
            + "WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r' AND atttypid::regtype::text "
            + "IN ('text[]', 'jsonb', 'numeric', 'timestamp with time zone', 'bytea', 'uuid')"),
        ("generated columns", "count(*) >= 2 FROM pg_attribute WHERE attgenerated = 's'"),
        ("a table without a key", "NOT EXISTS (SELECT 1 FROM pg_index WHERE indrelid = 'accounting.audit_log'::regclass AND indisunique)"),
        ("rows that are equal in every column", "count(*) > 0 FROM (SELECT 1 FROM accounting.audit_log l GROUP BY l HAVING count(*) > 1) twice"),
        ("view", "count(*) > 0 FROM pg_views WHERE schemaname = 'shop'"),
        ("materialized view with rows", "count(*) > 0 FROM accounting.revenue"),
        ("triggers", "count(*) >= 2 FROM pg_trigger WHERE NOT tgisinternal"),
        ("functions", "count(*) >= 2 FROM pg_proc WHERE pronamespace IN ('shop'::regnamespace, 'accounting'::regnamespace)"),
        ("comments", "count(*) >= 4 FROM pg_description WHERE objoid IN ('shop'::regnamespace, 'accounting'::regnamespace) "
            + "OR objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'shop'::regnamespace)"),
        ("grants", "has_table_privilege('shop_app', 'accounting.ledger', 'INSERT')"),
        ("a name with capitals", "to_regclass('shop.\"OrderNote\"') IS NOT NULL"),
        ("a key of uuid", "count(*) > 0 FROM pg_index i JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = indkey[0] "
            + "WHERE indisprimary AND atttypid = 'uuid'::regtype"),
        ("a key of two columns", "count(*) > 0 FROM pg_index WHERE indisprimary AND indnatts > 1 AND indrelid = 'shop.order_line'::regclass"),
        ("values out of line", "pg_relation_size(reltoastrelid) > 0 FROM pg_class WHERE oid = 'shop.\"OrderNote\"'::regclass"),
    ];

    static async Task<long> RowsAsync(NpgsqlConnection connection)
        => await ValueAsync<long>(connection, await ValueAsync<string>(connection, """
            SELECT 'SELECT ' || string_agg(format('(SELECT count(*) FROM ONLY %I.%I)', schemaname, tablename), ' + ')
            FROM pg_tables WHERE schemaname IN ('shop', 'accounting')
            """));

    static async Task<T> ValueAsync<T>(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

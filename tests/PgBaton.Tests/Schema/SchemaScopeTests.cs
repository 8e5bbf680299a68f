using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

public sealed class SchemaScopeTests
{
    const string Made = "SELECT coalesce(string_agg(n.nspname || '.' || c.relname, ' ' ORDER BY 1, c.relname), '') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^(pg_|information_schema|pgbaton)'";

    static Task<SchemaRun> StartAsync(Func<MigrationOptions, MigrationOptions> options)
        => SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema, options);

    // What was chosen is compared with what was chosen.
    static void IsLevel(SchemaRun run)
    {
        Assert.NotEmpty(run.Events<SchemaCompared>());
        Assert.Equal([], run.Events<Warning>().Where(warning => warning.Code is "PB0316" or "PB0317").Select(warning => warning.Message));
    }

    [Fact]
    public async Task a_named_table_comes_with_what_it_needs_and_what_hangs_on_it()
    {
        await using var run = await StartAsync(options => options with { Tables = ["shop.orders"] });
        await run.RunAllAsync();
        IsLevel(run);
        Assert.Equal("shop.orders", await run.Target.QueryAsync<string>(Made));
        Assert.Equal(
            "orders_atomic orders_pkey orders_state place_once",
            await run.Target.QueryAsync<string>("SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = 'shop.orders'::regclass"));
        Assert.Equal("shop.orders_id_seq", await run.Target.QueryAsync<string>("SELECT pg_get_serial_sequence('shop.orders', 'id')"));
        Assert.Equal("nextval('shop.orders_id_seq'::regclass)", await run.Target.QueryAsync<string>("SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'shop.orders'::regclass AND adnum = 1"));
        Assert.Equal(1, await run.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.relation"));
        Assert.False(await run.Target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citext')"));
        Assert.False(await run.Target.QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'plain')"));
    }

    [Fact]
    public async Task what_needs_an_excluded_table_is_left_out_by_name()
    {
        await using var run = await StartAsync(options => options with { ExcludedTables = ["shop.customer"] });
        await run.RunAllAsync();
        IsLevel(run);
        var made = await run.Target.QueryAsync<string>(Made);
        Assert.DoesNotContain("shop.customer", made, StringComparison.Ordinal);
        Assert.DoesNotContain("shop.grouped", made, StringComparison.Ordinal);
        Assert.Contains("shop.orders", made, StringComparison.Ordinal);
        var notices = run.Events<Notice>().Select(notice => notice.Message).ToList();
        Assert.Contains(notices, notice => notice.StartsWith("FK CONSTRAINT shop orders orders_customer_fkey is left out", StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.StartsWith("VIEW shop grouped is left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_table_that_needs_an_excluded_one_stops_the_run_before_anything_is_made()
    {
        await using var run = await StartAsync(options => options with { ExcludedTables = ["shop.parent"] });
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0306", error.Code);
        Assert.Contains("shop child", error.Message, StringComparison.Ordinal);
        Assert.Equal("", await run.Target.QueryAsync<string>(Made));
    }

    [Fact]
    public async Task a_schema_comes_alone_but_with_the_extensions_it_needs()
    {
        await using var run = await StartAsync(options => options with { Schemas = ["shop"] });
        await run.RunAllAsync();
        IsLevel(run);
        Assert.False(await run.Target.QueryAsync<bool>("SELECT to_regclass('public.loose_one') IS NOT NULL"));
        Assert.True(await run.Target.QueryAsync<bool>("SELECT to_regclass('shop.customer') IS NOT NULL AND EXISTS (SELECT FROM pg_extension WHERE extname = 'citext')"));
    }

    [Fact]
    public async Task what_needs_an_excluded_schema_is_left_out_by_name()
    {
        const string schema =
            """
            CREATE SCHEMA away;
            CREATE TABLE away.far (id int PRIMARY KEY);
            CREATE TYPE away.colour AS ENUM ('red');
            CREATE FUNCTION away.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
            CREATE TABLE near (id int PRIMARY KEY, far int REFERENCES away.far);
            CREATE INDEX near_twice ON near (away.twice(id));
            CREATE VIEW both_of_them AS SELECT near.id FROM near JOIN away.far USING (id);
            CREATE VIEW over_it AS SELECT * FROM both_of_them;
            """;
        await using var run = await SchemaRun.StartAsync(
            TestServer.Source, TestServer.Target, schema, options => options with { ExcludedSchemas = ["away"] });
        await run.RunAllAsync();
        Assert.Equal("public.near", await run.Target.QueryAsync<string>(Made));
        var leftOut = run.Events<Notice>().Select(notice => notice.Message).Where(notice => notice.Contains("left out", StringComparison.Ordinal));
        Assert.Equal(
            [
                "FK CONSTRAINT public near near_far_fkey is left out: it needs table \"away\".\"far\", which is out of scope",
                "INDEX public near_twice is left out: it needs function away.twice(integer), which is out of scope",
                "VIEW public both_of_them is left out: it needs table away.far, which is out of scope",
                "VIEW public over_it is left out: it needs table away.far, which is out of scope",
            ],
            leftOut.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_column_of_an_excluded_type_stops_the_run_before_anything_is_made()
    {
        await using var run = await SchemaRun.StartAsync(
            TestServer.Source, TestServer.Target, "CREATE SCHEMA away; CREATE TYPE away.colour AS ENUM ('red'); CREATE TABLE near (c away.colour)",
            options => options with { Schemas = ["public"] });
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0306", error.Code);
        Assert.Contains("type away.colour", error.Message, StringComparison.Ordinal);
        Assert.Equal("", await run.Target.QueryAsync<string>(Made));
    }

    [Fact]
    public async Task an_excluded_schema_does_not_come()
    {
        await using var run = await StartAsync(options => options with { ExcludedSchemas = ["we*"] });
        await run.RunAllAsync();
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target, "--exclude-schema=we*"), await SchemaOracle.ReadAsync(run.Target));
    }
}

using Npgsql;
using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

public sealed class SchemaTests
{
    [Theory]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    [InlineData(17, 18)]
    public async Task a_rich_schema_arrives_as_pg_dump_and_psql_would_bring_it(int source, int target)
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Of(source), TestServer.Of(target), SchemaRun.RichSchema);
        await run.RunAllAsync();

        var expected = await SchemaOracle.ExpectAsync(run.Source, TestServer.Of(target));
        Assert.Equal(expected, await SchemaOracle.ReadAsync(run.Target));
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.entry WHERE outcome IS NULL"));
        Assert.True(await run.Target.QueryAsync<bool>("SELECT bool_and(relispopulated) FROM pg_class WHERE relname IN ('per_state', 'per_state_2')"));
        Assert.False(await run.Target.QueryAsync<bool>("SELECT relispopulated FROM pg_class WHERE relname = 'empty'"));
    }

    [Theory]
    [InlineData("pre-data")]
    [InlineData("post-data")]
    public async Task a_run_that_is_cut_off_anywhere_goes_on(string section)
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        if (section == "post-data")
            await PreData.RunAsync(run.Migration, default);

        // A trigger of the test breaks the session when the n-th entry is recorded: every run gets one step further.
        var cuts = 0;
        for (var every = 3; ; every += 20)
        {
            await BreakAtAsync(run.Target, every);
            try
            {
                await (section == "pre-data" ? PreData.RunAsync(run.Migration, default) : PostData.RunAsync(run.Migration, default));
                break;
            }
            catch (PostgresException failure) when (failure.SqlState == "40001")
            {
                cuts++;
            }
        }

        Assert.True(cuts >= 2, $"{cuts} cuts");
        await run.Target.ExecuteAsync("DROP TABLE pgbaton.cut CASCADE; DROP FUNCTION pgbaton.cut CASCADE");
        await run.RunAllAsync();
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target), await SchemaOracle.ReadAsync(run.Target));
    }

    static Task BreakAtAsync(TestDatabase target, int number) => target.ExecuteAsync(
        $"""
        CREATE TABLE IF NOT EXISTS pgbaton.cut (at int);
        TRUNCATE pgbaton.cut;
        INSERT INTO pgbaton.cut VALUES ({number});
        CREATE OR REPLACE FUNCTION pgbaton.cut() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT count(*) FROM pgbaton.entry WHERE outcome IS NOT NULL AND section = OLD.section) >= (SELECT at FROM pgbaton.cut) THEN
                RAISE EXCEPTION 'cut' USING ERRCODE = '40001';
            END IF;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER cut AFTER UPDATE ON pgbaton.entry FOR EACH ROW EXECUTE FUNCTION pgbaton.cut();
        """);

    [Fact]
    public async Task a_table_is_closed_to_others_from_the_moment_it_is_there()
    {
        // The target has such a view already, so the step stands while the table is there.
        await using var run = await SchemaRun.StartAsync(
            TestServer.Source, TestServer.Target, "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t", targetSchema: "CREATE VIEW v AS SELECT 1");
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0305", error.Code);
        var early = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => run.Target.ExecuteAsync("INSERT INTO t VALUES (1)"));
        Assert.Equal("25006", early.SqlState);
    }

    [Fact]
    public async Task a_source_that_changed_since_the_cut_is_made_anew()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        await PreData.RunAsync(run.Migration, default);
        await run.Source.ExecuteAsync("ALTER TABLE shop.a ADD c int; DROP TABLE shop.nothing; CREATE TABLE shop.newer (id int PRIMARY KEY)");
        await run.RunAllAsync();
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target), await SchemaOracle.ReadAsync(run.Target));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task undo_leaves_the_target_as_it_was(bool afterPostData)
    {
        const string there = "CREATE SCHEMA theirs; CREATE EXTENSION citext SCHEMA public; COMMENT ON SCHEMA public IS 'mine'; CREATE TABLE theirs.t (id int PRIMARY KEY)";
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema, targetSchema: there);
        var before = await SchemaOracle.ReadAsync(run.Target);
        await PreData.RunAsync(run.Migration, default);
        if (afterPostData)
            await PostData.RunAsync(run.Migration, default);
        Assert.NotEqual(before, await SchemaOracle.ReadAsync(run.Target));

        await PreData.UndoAsync(run.Migration, default);
        Assert.Equal(before, await SchemaOracle.ReadAsync(run.Target));
        await PreData.UndoAsync(run.Migration, default);
    }

    [Fact]
    public async Task undo_does_not_drop_what_somebody_else_hung_on_it()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, "CREATE TABLE t (id int PRIMARY KEY)");
        await PreData.RunAsync(run.Migration, default);
        await run.Target.ExecuteAsync("CREATE VIEW theirs AS SELECT id FROM t");
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.UndoAsync(run.Migration, default));
        Assert.Equal("PB0308", error.Code);
        Assert.Equal("TABLE public t", error.About);
        Assert.Contains("view public.theirs", error.Detail!, StringComparison.Ordinal);
        await run.Target.ExecuteAsync("DROP VIEW theirs");
        await PreData.UndoAsync(run.Migration, default);
        Assert.Equal("", await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task a_refused_statement_stops_the_run_and_names_the_object()
    {
        const string schema = "CREATE TABLE fine (id int); CREATE FUNCTION \"no\nsuch\"() RETURNS cstring LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE TABLE t (id int)";
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, schema, targetSchema: "CREATE TYPE public.t AS ENUM ()");
        var error = await Assert.ThrowsAsync<MigrationException>(() => PreData.RunAsync(run.Migration, default));
        Assert.Equal("PB0305", error.Code);
        Assert.Equal("TABLE public t", error.About);
        Assert.Contains("type \"t\" already exists", error.Message, StringComparison.Ordinal);
        Assert.Equal("42710", error.SqlState);

        // Mended: the same step goes on there.
        await run.Target.ExecuteAsync("DROP TYPE public.t");
        await PreData.RunAsync(run.Migration, default);
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target), await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task what_would_disturb_the_stream_is_held_until_the_target_is_opened()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        await PreData.RunAsync(run.Migration, default);
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_attribute WHERE attidentity = 'a'  AND attrelid::regclass::text NOT LIKE 'pgbaton.%'"));
        await PostData.RunAsync(run.Migration, default);
        Assert.Equal(0, await run.Target.QueryAsync<long>(
            "SELECT count(*) FROM pg_trigger WHERE tgenabled IN ('A', 'R') AND NOT tgisinternal AND tgname <> 'pgbaton_gate' AND tgrelid::regclass::text NOT LIKE 'pgbaton.%'"));
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_class WHERE relforcerowsecurity"));
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_event_trigger WHERE evtenabled <> 'D'"));
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"));
    }

    [Fact]
    public async Task rows_that_do_not_agree_yet_make_a_foreign_key_wait()
    {
        const string schema = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int, p int CONSTRAINT \"my key\" REFERENCES p); COMMENT ON CONSTRAINT \"my key\" ON c IS 'x'";
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, schema);
        await PreData.RunAsync(run.Migration, default);
        await run.Target.ExecuteAsync("ALTER TABLE c DISABLE TRIGGER ALL; INSERT INTO c VALUES (1, 7)");
        await PostData.RunAsync(run.Migration, default);
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'c'::regclass"));

        await run.OpenAsync();
        Assert.False(await run.Target.QueryAsync<bool>("SELECT convalidated FROM pg_constraint WHERE conname = 'my key'"));
        Assert.Equal(1, await Opening.AfterOpenAsync(run.Migration, default));
        var warning = Assert.Single(run.Events<Warning>());
        Assert.Contains("my key", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(7)", warning.Message, StringComparison.Ordinal);

        await run.Target.ExecuteAsync("DELETE FROM c");
        Assert.Equal(0, await Opening.AfterOpenAsync(run.Migration, default));
        Assert.True(await run.Target.QueryAsync<bool>("SELECT convalidated FROM pg_constraint WHERE conname = 'my key'"));
    }

    [Fact]
    public async Task indexes_of_one_table_are_built_on_request_and_only_once()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        await PreData.RunAsync(run.Migration, default);
        await using var sessions = new IndexSessions(run.Migration);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TableIndexes.BuildAsync(run.Migration, sessions, "shop", "orders", default)));
        await TableIndexes.BuildAsync(run.Migration, sessions, "shop", "orders", default);
        Assert.Equal(
            "orders_atomic, orders_pkey, orders_state, place_once",
            await run.Target.QueryAsync<string>("SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = 'shop.orders'::regclass"));
        Assert.Equal(0, await run.Target.QueryAsync<long>("SELECT count(*) FROM pg_index WHERE indrelid = 'shop.customer'::regclass"));
        Assert.Contains(run.Events<IndexBuilt>(), built => built.Object == "INDEX shop orders_state");
        await run.RunAllAsync();
        Assert.Equal(await SchemaOracle.ExpectAsync(run.Source, TestServer.Target), await SchemaOracle.ReadAsync(run.Target));
    }

    [Fact]
    public async Task relations_that_hold_rows_are_listed_with_the_sources_oids()
    {
        await using var run = await SchemaRun.StartAsync(TestServer.Source, TestServer.Target, SchemaRun.RichSchema);
        await PreData.RunAsync(run.Migration, default);
        const string kept = "SELECT string_agg(n.nspname || '.' || c.relname || c.oid, E'\\n' ORDER BY c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname !~ '^(pg_|information_schema)'";
        Assert.Equal(
            await run.Source.QueryAsync<string>(kept),
            await run.Target.QueryAsync<string>("SELECT string_agg(schema || '.' || name || oid, E'\\n' ORDER BY oid) FROM pgbaton.relation"));
    }
}

using System.Globalization;
using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

public sealed class CopyTablesTests
{
    [Fact]
    public async Task tables_without_columns_or_with_generated_ones_only_keep_their_number_of_rows()
    {
        await using var scene = await CopyScene.CreateAsync(
            """
            CREATE TABLE none (); INSERT INTO none SELECT FROM generate_series(1, 3);
            CREATE TABLE computed (a int GENERATED ALWAYS AS (40 + 2) STORED); INSERT INTO computed SELECT FROM generate_series(1, 5);
            CREATE TABLE empty (id int);
            CREATE TABLE mixed (b int GENERATED ALWAYS AS (a * 2) STORED, a int, "weird ""name" text GENERATED ALWAYS AS (a::text) STORED);
            INSERT INTO mixed (a) VALUES (1), (2);
            """);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Equal(8, await scene.Target.QueryAsync<long>("SELECT (SELECT count(*) FROM none) + (SELECT count(*) FROM computed)"));
    }

    [Fact]
    public async Task values_without_a_common_binary_form_arrive_too()
    {
        await using var scene = await CopyScene.CreateAsync(
            """
            CREATE TYPE mood AS ENUM ('low', 'it''s', 'high'); CREATE DOMAIN tag AS text CHECK (length(VALUE) < 9); CREATE TYPE pair AS (m mood, t tag[]);
            CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
            CREATE TABLE by_oid (c regclass, p regprocedure[], r regrole, a aclitem, t regtype);
            INSERT INTO by_oid VALUES ('by_oid', ARRAY['f(int)'::regprocedure], 'postgres', makeaclitem(10, 10, 'SELECT', false), 'mood'), (NULL, NULL, NULL, NULL, NULL);
            CREATE TABLE odd (m money, x xml, p pair, ps pair[], o oid, v int2vector, j json, d tag[], e mood[], b bit varying(5), r int4multirange);
            INSERT INTO odd VALUES
                ('12.34', '<?xml version="1.0"?><a>ü</a>', ROW('it''s', ARRAY['x']::tag[])::pair, ARRAY[ROW('low', NULL)]::pair[], 4294967295, '1 2', '{"a" : 1, "a":2}',
                 ARRAY['a', NULL]::tag[], ARRAY['high']::mood[], B'101', '{[1,3),[7,9)}'),
                (NULL, '', ROW(NULL, NULL)::pair, '{}', 0, '', 'null', '{}', '{}', B'', '{}');
            """);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task values_at_the_edge_of_their_type_arrive()
    {
        await using var scene = await CopyScene.CreateAsync(
            """
            CREATE TYPE inner_t AS (a int, b text[]);
            CREATE TABLE query (q tsquery); INSERT INTO query VALUES (''), ('''a b'':*AB & !(c <2> d)');
            CREATE TABLE edge (v tsvector, path path, polygon polygon, circle circle, box box, line line, lseg lseg, point point, cidr cidr, inet inet,
                mac macaddr8, snapshot pg_snapshot, old_snapshot txid_snapshot, jsonpath jsonpath, ch char(3), name name, bits varbit, time time, timetz timetz,
                money money, date date, ts timestamp, tstz timestamptz, interval interval, arr int[], nested text[], inner_t inner_t, inners inner_t[],
                f4 float4, f8 float8, n numeric, r numrange, mr datemultirange, x xml, jb jsonb, lsn pg_lsn, xid xid8, tid tid, u uuid, cursor refcursor, x32 xid);
            INSERT INTO edge VALUES
                ('', '[(1,2)]', '((0,0),(1,1),(-0,NaN))', '<(0,0),Infinity>', '(Infinity,1),(-Infinity,-1)', '{1,-1,0}', '[(0,0),(0,0)]', '(-0,1e-300)', '::/0', '::ffff:1.2.3.4/128',
                 '08:00:2b:01:02:03:04:05', '10:20:11,15', '10:20:', 'lax $.a[*] ? (@.b > 1)', '', '', '', '24:00', '23:59:59.999999-15:59',
                 '-92233720368547758.08', '4714-11-24 BC', 'infinity', '294276-12-31 23:59:59.999999', '-178000000 years -5 days -00:00:00.000001', '[-2:0]={1,NULL,3}',
                 ARRAY[['', NULL], ['NULL', E'"\\\\{}']], ROW(NULL, '{}'), ARRAY[NULL, ROW(1, NULL)]::inner_t[],
                 'NaN', '-0', '-0.000000000000000000001', '(,NaN]', '{[2026-01-01,2026-01-01],(,2000-01-01)}', E'\n<!DOCTYPE a><a/>', '{"a": 1.00, "\u00e9": null}', 'FFFFFFFF/FFFFFFFF', '18446744073709551615',
                 '(4294967294,65535)', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'c', '4294967295'),
                ('''a''''b'':1A,2B,16383', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '$', 'a ', repeat('n', 63)::name, B'1', '00:00', '00:00+00', '0', '5874897-12-31',
                 '-infinity', '4714-11-24 00:00:00+00 BC', '178000000 years', '{}', '{}', ROW(1, ARRAY['a'])::inner_t, '{}', '1e-45', '5e-324', '1e131071', 'empty', '{}', '', 'null', '0/0', '0', '(0,0)', NULL, '', '0');
            """);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Equal(["edge"], (await CopyPlanTests.PlanAgainAsync(scene)).Where(table => table.IsBinary).Select(table => table.Source.Name));
    }

    // As text it is a byte that is no character, up to 14, and an escape from 15 on.
    [Fact]
    public async Task a_char_with_its_high_bit_set_arrives()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t (c \"char\"); INSERT INTO t VALUES ((-56)::\"char\");");

        await scene.CopyAsync();

        Assert.Equal(-56, await scene.Target.QueryAsync<int>("SELECT c::int FROM t"));
    }

    [Fact]
    public async Task rows_of_inheritance_and_of_partitions_are_copied_once()
    {
        await using var scene = await CopyScene.CreateAsync(
            """
            CREATE TABLE parent (id int, v text); CREATE TABLE child (extra int) INHERITS (parent);
            INSERT INTO parent SELECT g, 'p' FROM generate_series(1, 10) g; INSERT INTO child SELECT g, 'c', g FROM generate_series(1, 20) g;
            CREATE TABLE root (id int, at date) PARTITION BY RANGE (at);
            CREATE TABLE leaf_1 PARTITION OF root FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
            CREATE TABLE leaf_2 (at date, dropped int, id int); ALTER TABLE leaf_2 DROP COLUMN dropped;
            ALTER TABLE root ATTACH PARTITION leaf_2 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
            INSERT INTO root SELECT g, '2026-01-10'::date + g FROM generate_series(1, 40) g;
            """);

        await scene.Target.ExecuteAsync(
            $"INSERT INTO pgbaton.relation (oid, schema, name, bytes_total) VALUES ({await scene.Source.QueryAsync<uint>("SELECT 'root'::regclass::oid")}, 'public', 'root', 0)");

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Equal(30, await scene.Target.QueryAsync<long>("SELECT count(*) FROM parent"));
    }

    [Fact]
    public async Task all_parts_of_all_tables_see_one_moment()
    {
        await using var scene = await CopyScene.CreateAsync(
            """
            CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL, filler text NOT NULL DEFAULT repeat('x', 500)) WITH (fillfactor = 50);
            INSERT INTO account SELECT g, 100 FROM generate_series(1, 3000) g;
            CREATE TABLE history (id bigserial PRIMARY KEY, amount int); CREATE TABLE other (LIKE account);
            INSERT INTO other SELECT * FROM account;
            """, options => options with { SplitLargerThan = 256 * 1024 });
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 2).Select(seed => TransferAsync(scene.Source, seed, stop.Token)).ToArray();
        await scene.Source.WaitForAsync("SELECT count(*) > 50 FROM history");

        await scene.CopyAsync();
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        Assert.InRange(await scene.Target.QueryAsync<long>("SELECT count(*) FROM pgbaton.part JOIN pgbaton.relation ON oid = relation WHERE name = 'account'"), 3, 100);
        Assert.Equal(600_000, await scene.Target.QueryAsync<long>("SELECT (SELECT sum(balance) FROM account) + (SELECT sum(balance) FROM other)"));
        Assert.Equal(6000, await scene.Target.QueryAsync<long>("SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM other)"));
        Assert.InRange(await scene.Target.QueryAsync<long>("SELECT count(*) FROM history"), 51, await scene.Source.QueryAsync<long>("SELECT count(*) FROM history"));
        Assert.Equal(1, await scene.Target.QueryAsync<long>("SELECT count(DISTINCT copied_at) FROM pgbaton.relation WHERE copied"));
    }

    [Fact]
    public async Task the_journal_tells_rows_bytes_and_the_consistent_point()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 1000);");

        await scene.CopyAsync();

        var copied = Assert.Single(scene.Events.OfType<TableCopied>());
        Assert.Equal(("\"public\".\"t\"", 1000L), (copied.Table, copied.Rows));
        Assert.Equal(copied.CopiedAt, await scene.Target.QueryAsync<string>("SELECT copied_at::text FROM pgbaton.relation"));
        Assert.Equal(copied.Bytes, await scene.Target.QueryAsync<long>("SELECT bytes FROM pgbaton.relation WHERE copied AND rows = 1000 AND seconds > 0"));
        Assert.Equal(0, await scene.Source.QueryAsync<long>($"SELECT count(*) FROM pg_replication_slots WHERE database = '{scene.Source.Name}'"));
    }

    [Fact]
    public async Task whole_tables_are_frozen_and_parts_are_not()
    {
        await using var scene = await CopyScene.CreateAsync(
            "CREATE TABLE whole (a int); INSERT INTO whole SELECT generate_series(1, 1000); CREATE TABLE parts AS SELECT g, repeat('x', 900) FROM generate_series(1, 1000) g;",
            options => options with { SplitLargerThan = 256 * 1024 });

        await scene.CopyAsync();

        await scene.Target.ExecuteAsync("CREATE EXTENSION pg_visibility");
        Assert.True(await scene.Target.QueryAsync<bool>("SELECT all_frozen > 0 FROM pg_visibility_map_summary('whole')"));
        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT all_frozen FROM pg_visibility_map_summary('parts')"));
        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task an_unlogged_table_is_copied_and_named()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE UNLOGGED TABLE cache (a int); INSERT INTO cache VALUES (1);");

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Contains(scene.Events.OfType<Notice>(), notice => notice.Message.StartsWith("\"public\".\"cache\" is unlogged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_transaction_that_stays_open_on_the_source_is_named_and_no_slot_is_left()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t (a int)", options => options with { SlotTimeout = TimeSpan.FromSeconds(0.5) });
        await using var writer = await scene.Source.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("INSERT INTO t VALUES (1)", default);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal("PB0401", failure.Code);
        Assert.Contains(writer.ProcessID.ToString(CultureInfo.InvariantCulture), failure.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await scene.Source.QueryAsync<long>($"SELECT count(*) FROM pg_replication_slots WHERE database = '{scene.Source.Name}'"));
    }

    static async Task TransferAsync(TestDatabase database, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var connection = await database.OpenAsync();
        while (!stop.IsCancellationRequested)
        {
            await connection.ExecuteAsync(
                """
                WITH a AS (UPDATE account SET balance = balance - 7 WHERE id = $1), b AS (UPDATE other SET balance = balance + 7 WHERE id = $2)
                INSERT INTO history (amount) VALUES (7)
                """, default, random.Next(1, 3001), random.Next(1, 3001));
        }
    }
}

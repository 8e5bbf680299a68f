using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>No false alarm, and nothing left out in silence.</summary>
public sealed class VerifyTests
{
    const string ManyTypes =
        """
        CREATE TYPE mood AS ENUM ('a''b', 'c"d'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE TABLE t (
            id bigint PRIMARY KEY, i2 smallint, n numeric, f4 float4, f8 float8, m money, b bytea, c char(7), v varchar(9), x text, y bpchar,
            d date, ti time, tz timetz, ts timestamp, tt timestamptz, iv interval, u uuid, j json, jb jsonb, xm xml, ip inet, ci cidr, ma macaddr,
            bi bit(5), vb varbit, pt point, bx box, pg polygon, r int4range, mr int8multirange, tv tsvector, tq tsquery, a text[], e mood, p pair,
            pa pair[], o positive, na name, oi oid, rc regclass, ch "char", l pg_lsn, bo bool, g int GENERATED ALWAYS AS (id + 1) STORED);
        INSERT INTO t SELECT k, k, k / 7.0, k / 7.0::float4, k / 7.0, k::money, decode(md5(k::text), 'hex'), 'c' || k, 'v', E'x\n\\"' || k, 'y  ',
            date '2026-01-01' + k, '12:00', '12:00+02', timestamp '2026-01-01' + k * interval '1 hour', timestamptz '2026-07-01 00:00+00' + k * interval '1 hour',
            k * interval '1 mon 2 days -3 hours', md5(k::text)::uuid, '{"a":  1}', '{"a":  1}', '<?xml version="1.0" encoding="UTF-8"?><a/>', '10.0.0.1/8', '10.0.0.0/8',
            '08:00:2b:01:02:03', B'10101', B'1', point(k / 3.0, 1), box(point(0, 0), point(1, k / 3.0)), '((0,0),(1,1.1),(2,0))', int4range(1, k::int + 1),
            int8multirange(int8range(1, 3)), 'a fat cat', 'fat & cat', ARRAY['a', NULL, 'NULL', '{"'], 'c"d', (k, 'q"')::pair, ARRAY[(k, NULL)::pair], 1, 'name',
            1, 'pg_class', 'z', '1/2', true FROM generate_series(1, 500) k;
        INSERT INTO t (id) SELECT generate_series(501, 600);
        """;

    [Theory]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    [InlineData(17, 18)]
    [InlineData(18, 15)]
    public async Task many_types_print_alike_on(int sourceMajor, int targetMajor)
    {
        await using var databases = await TwoDatabases.CreateAsync(TestServer.Of(sourceMajor), TestServer.Of(targetMajor), ManyTypes);

        Assert.True((await databases.VerifyAsync()).IsEqual);
        var table = Assert.Single((await databases.VerifyAsync(new VerifyOptions { Sha256 = true })).Tables);

        Assert.True(table.IsEqual);
        Assert.Equal(600, table.Rows);
        Assert.StartsWith("sha256:", table.Digest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task settings_of_the_target_database_change_nothing()
    {
        await using var databases = await TwoDatabases.CreateAsync(ManyTypes);
        var name = databases.Target.Name;
        await databases.Target.ExecuteAsync(
            $"""
            ALTER DATABASE {name} SET TimeZone = 'Asia/Kolkata'; ALTER DATABASE {name} SET DateStyle = 'SQL, DMY'; ALTER DATABASE {name} SET IntervalStyle = 'iso_8601';
            ALTER DATABASE {name} SET extra_float_digits = -15; ALTER DATABASE {name} SET bytea_output = 'escape'; ALTER DATABASE {name} SET xmloption = 'document';
            ALTER DATABASE {name} SET search_path = public, pg_catalog; ALTER DATABASE {name} SET enable_seqscan = off; ALTER DATABASE {name} SET default_transaction_read_only = on;
            """);

        Assert.True((await databases.VerifyAsync()).IsEqual);
    }

    [Fact]
    public async Task columns_may_be_named_like_anything_in_our_queries()
    {
        string[] names = ["row", "row_", "r", "k", "at", "h1", "h2", "kh", "d", "kd", "printed", "hashed", "text", "length", "$1", "a.b", "we\"ird", "new\nline", "md5", "{0}"];
        var columns = string.Join(", ", names.Select(name => $"{Sql.Identifier(name)} text"));
        await using var databases = await TwoDatabases.CreateAsync(
            $"CREATE SCHEMA \"s.\"\"x\"; CREATE TABLE \"s.\"\"x\".\"row\" ({columns}, PRIMARY KEY (\"we\"\"ird\", \"row\"));"
            + $" INSERT INTO \"s.\"\"x\".\"row\" SELECT {string.Join(", ", names.Select((_, i) => $"g::text || '{i}'"))} FROM generate_series(1, 10) g");
        Assert.True((await databases.VerifyAsync()).IsEqual);

        await databases.Target.ExecuteAsync("UPDATE \"s.\"\"x\".\"row\" SET length = 'x' WHERE r = '32'");

        var table = Assert.Single((await databases.VerifyAsync()).Tables);
        Assert.Equal("(we\"ird,row)=(316,30)", Assert.Single(table.Differences).Key);
        Assert.Equal("\"s.\"\"x\".\"row\"", table.Table);
    }

    [Fact]
    public async Task functions_and_operators_of_the_database_are_never_called()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'x');
            CREATE TABLE called (what text);
            CREATE FUNCTION hashtextextended(text, bigint) RETURNS bigint LANGUAGE sql AS $$ INSERT INTO called VALUES ('hash') RETURNING 0::bigint $$;
            CREATE FUNCTION sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ INSERT INTO called VALUES ('sha256') RETURNING ''::bytea $$;
            CREATE FUNCTION count(bigint) RETURNS bigint LANGUAGE sql AS $$ INSERT INTO called VALUES ('count') RETURNING 0::bigint $$;
            CREATE FUNCTION eq(int, int) RETURNS bool LANGUAGE sql AS $$ INSERT INTO called VALUES ('=') RETURNING true $$;
            CREATE OPERATOR = (LEFTARG = int, RIGHTARG = int, FUNCTION = eq); CREATE OPERATOR & (LEFTARG = bigint, RIGHTARG = int, FUNCTION = int84mul);
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
            """);
        await databases.Target.ExecuteAsync("UPDATE t SET v = 'y'");

        foreach (var sha256 in new[] { false, true })
            Assert.False((await databases.VerifyAsync(new VerifyOptions { Sha256 = sha256 })).IsEqual);

        Assert.Equal(0, await databases.Source.QueryAsync<long>("SELECT pg_catalog.count(*) FROM called"));
        Assert.Equal(0, await databases.Target.QueryAsync<long>("SELECT pg_catalog.count(*) FROM called"));
    }

    [Fact]
    public async Task databases_of_other_encodings_are_compared_as_utf8()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync("ENCODING 'LATIN1' LOCALE 'C'");
        await using var target = await TestServer.Target.CreateDatabaseAsync("ENCODING 'UTF8' LOCALE 'C'");
        const string sql = "CREATE TABLE t (id int PRIMARY KEY, \"é\" text); INSERT INTO t VALUES (1, 'é'), (2, 'ü')";
        await source.ExecuteAsync(sql);
        await target.ExecuteAsync(sql);
        var ours = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, source.Uri), default);
        var theirs = await Server.ConnectAsync(Side.Target, ConnectionString.Parse(Side.Target, target.Uri), default);

        var equal = await VerifyTables.AtRestAsync(ours, theirs, new VerifyOptions(), default);
        Assert.True(equal.IsEqual);
        Assert.StartsWith("sha256:", equal.Tables[0].Digest, StringComparison.Ordinal);

        await target.ExecuteAsync("UPDATE t SET \"é\" = 'è' WHERE id = 1");
        Assert.Equal("(id)=(1)", Assert.Single(Assert.Single((await VerifyTables.AtRestAsync(ours, theirs, new VerifyOptions(), default)).Tables).Differences).Key);
    }

    [Fact]
    public async Task a_char_above_127_is_no_difference_between_versions_that_print_it_otherwise()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            TestServer.Of(15), TestServer.Of(17), "CREATE TABLE t (id int PRIMARY KEY, c \"char\"); INSERT INTO t VALUES (1, (-56)::\"char\"), (2, 'a'), (3, NULL)");
        Assert.True((await databases.VerifyAsync()).IsEqual);

        await databases.Target.ExecuteAsync("UPDATE t SET c = (-57)::\"char\" WHERE id = 1");
        Assert.False((await databases.VerifyAsync()).IsEqual);
    }

    [Fact]
    public async Task virtual_generated_columns_are_compared()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            TestServer.Of(18), TestServer.Of(18), "CREATE TABLE t (id int PRIMARY KEY, v int GENERATED ALWAYS AS (id + 1) VIRTUAL); INSERT INTO t VALUES (1)");
        Assert.True((await databases.VerifyAsync()).IsEqual);

        await databases.Target.ExecuteAsync("ALTER TABLE t ALTER v SET EXPRESSION AS (id + 2)");
        Assert.False((await databases.VerifyAsync()).IsEqual);
    }

    [Fact]
    public async Task what_the_target_does_not_have_is_a_difference()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, v int); CREATE TABLE c (id int PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1), (2, 2)");
        await databases.Target.ExecuteAsync("DROP TABLE a; ALTER TABLE b DROP v; DELETE FROM b WHERE id = 1; ALTER TABLE c ADD more text DEFAULT 'x'");

        var report = await databases.VerifyAsync();

        Assert.Equal([("a", false, 1L, 0L), ("b", false, 2L, 1L), ("c", true, 0L, 0L)], report.Tables.Select(t => (t.Name, t.IsEqual, t.Rows, t.TargetRows)));
        Assert.Equal(["the target has no such table", "the target has no column \"v\"", null], report.Tables.Select(t => t.Reason));
        var error = report.ToError()!;
        Assert.Equal("2 tables differ", error.Message);
        Assert.Contains("\"public\".\"a\": the target has no such table.", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_unlogged_table_is_named_as_not_compared()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE UNLOGGED TABLE t (id int); CREATE TABLE u (id int)");

        var report = await databases.VerifyAsync();

        Assert.Equal("\"public\".\"t\"", Assert.Single(report.NotCompared).Table);
        Assert.Equal("u", Assert.Single(report.Tables).Name);
    }

    [Fact]
    public async Task a_plain_table_may_be_partitioned_on_the_target()
    {
        await using var databases = await TwoDatabases.CreateAsync();
        await databases.Source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100)");
        await databases.Target.ExecuteAsync(
            "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0); INSERT INTO t SELECT generate_series(1, 100)");
        Assert.True((await databases.VerifyAsync()).IsEqual);

        await databases.Target.ExecuteAsync("DELETE FROM t WHERE id = 3");
        Assert.Equal("(id)=(3)", Assert.Single((await databases.VerifyAsync()).Tables[0].Differences).Key);
    }

    [Fact]
    public async Task only_as_many_differences_are_listed_as_asked_for_and_all_are_counted()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT g, g FROM generate_series(1, 20000) g");
        await databases.Target.ExecuteAsync("DELETE FROM t WHERE id % 10 = 0; UPDATE t SET v = 0 WHERE id % 10 = 1; INSERT INTO t SELECT g FROM generate_series(20001, 20500) g");

        var table = (await databases.VerifyAsync(new VerifyOptions { Show = 3 })).Tables[0];

        Assert.Equal(2000 + 2000 + 500, table.DifferenceCount);
        Assert.Equal(["(id)=(1)", "(id)=(10)", "(id)=(11)"], table.Differences.Select(row => row.Key));
        Assert.Equal([DifferenceKind.Different, DifferenceKind.Missing, DifferenceKind.Different], table.Differences.Select(row => row.Kind));
    }

    [Fact]
    public async Task a_table_is_read_in_pieces_wherever_its_rows_lie()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v text)");
        await databases.Source.ExecuteAsync("INSERT INTO t SELECT g, repeat('x', g % 500) FROM generate_series(1, 20000) g");
        await databases.Target.ExecuteAsync("INSERT INTO t SELECT g, repeat('x', g % 500) FROM generate_series(1, 20000) g ORDER BY md5(g::text)");
        var options = new VerifyOptions { Jobs = 3, PieceBytes = 100_000 };
        Assert.True((await databases.VerifyAsync(options)).IsEqual);

        await databases.Target.ExecuteAsync("UPDATE t SET v = v || 'y' WHERE id IN (1, 10000, 20000)");
        Assert.Equal(["(id)=(1)", "(id)=(10000)", "(id)=(20000)"], (await databases.VerifyAsync(options)).Tables[0].Differences.Select(row => row.Key));
    }

    [Fact]
    public async Task a_table_that_is_rewritten_after_the_snapshot_is_compared_again()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 10); CREATE TABLE u (id int)");
        var (source, target) = await databases.ConnectAsync();
        var taken = 0;

        var report = await VerifyTables.AtRestAsync(source, target, new VerifyOptions(), async ct =>
        {
            var pair = await SnapshotPair.AtRestAsync(source, target, lsn: null, ct);
            if (++taken == 1)
            {
                await databases.Source.ExecuteAsync("TRUNCATE t; INSERT INTO t VALUES (1)");
                await databases.Target.ExecuteAsync("TRUNCATE t; INSERT INTO t VALUES (1); DROP TABLE u; CREATE TABLE u (id int)");
            }

            return pair;
        }, default);

        Assert.True(report.IsEqual);
        Assert.Equal([1L, 0L], report.Tables.Select(table => table.Rows));
        Assert.Equal(2, taken);
    }

    [Fact]
    public async Task a_table_that_is_rewritten_again_and_again_is_an_error()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int)");
        var (source, target) = await databases.ConnectAsync();

        var error = await Assert.ThrowsAsync<MigrationException>(() => VerifyTables.AtRestAsync(source, target, new VerifyOptions(), async ct =>
        {
            var pair = await SnapshotPair.AtRestAsync(source, target, lsn: null, ct);
            await databases.Target.ExecuteAsync("TRUNCATE t");
            return pair;
        }, default));

        Assert.Equal("PB0603", error.Code);
        Assert.Equal("\"public\".\"t\"", error.About);
    }

    [Fact]
    public async Task a_table_that_must_not_be_read_is_an_error_that_names_it()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int)");
        var role = databases.Target.Name;
        await databases.Target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE pg_monitor");
        try
        {
            var (source, _) = await databases.ConnectAsync();
            var uri = new UriBuilder(databases.Target.Uri) { UserName = role, Password = "x" }.Uri.ToString();
            var target = await Server.ConnectAsync(Side.Target, ConnectionString.Parse(Side.Target, uri), default);

            var error = await Assert.ThrowsAsync<MigrationException>(() => VerifyTables.AtRestAsync(source, target, new VerifyOptions(), default));

            Assert.Equal("PB0605", error.Code);
            Assert.Equal("cannot read table \"public\".\"t\" on the target: permission denied for table t", error.Message);
        }
        finally
        {
            await databases.Target.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task row_level_security_never_hides_a_row()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int); INSERT INTO t VALUES (1); ALTER TABLE t ENABLE ROW LEVEL SECURITY");
        var role = databases.Target.Name;
        await databases.Target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE pg_monitor; GRANT SELECT ON t TO {role}");
        try
        {
            var (source, _) = await databases.ConnectAsync();
            var uri = new UriBuilder(databases.Target.Uri) { UserName = role, Password = "x" }.Uri.ToString();
            var target = await Server.ConnectAsync(Side.Target, ConnectionString.Parse(Side.Target, uri), default);

            Assert.Equal("PB0605", (await Assert.ThrowsAsync<MigrationException>(() => VerifyTables.AtRestAsync(source, target, new VerifyOptions(), default))).Code);
        }
        finally
        {
            await databases.Target.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }
}

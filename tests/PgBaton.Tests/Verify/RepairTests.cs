using PgBaton.Relay;
using PgBaton.Tests.Relay;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>What a verification does beside comparing: shows values, mends rows.</summary>
public sealed class RepairTests
{
    const string Tables = CountingWriter.Schema + """
        CREATE TABLE keyed (id int PRIMARY KEY, a text, n numeric, c "char", f char(5), twice int GENERATED ALWAYS AS (id * 2) STORED, always int GENERATED ALWAYS AS IDENTITY, UNIQUE (a));
        INSERT INTO keyed (id, a, n, c, f) SELECT g, 'a' || g, g / 8.0, (g % 120)::"char", 'f' FROM generate_series(1, 300) g;
        INSERT INTO keyed (id, c) VALUES (1001, (-56)::"char");
        CREATE TABLE loose (v text, j json); ALTER TABLE loose REPLICA IDENTITY FULL;
        INSERT INTO loose SELECT 'same', '{"a":  1}' FROM generate_series(1, 20); INSERT INTO loose VALUES (NULL, NULL), ('', '[]'), ('x"\y', NULL);
        CREATE TABLE long (id int PRIMARY KEY, v text); INSERT INTO long SELECT g, repeat('x', 200000) || g FROM generate_series(1, 3) g;
        """;

    const string Damage =
        """
        DELETE FROM keyed WHERE id IN (7, 8, 1001); UPDATE keyed SET n = n + 1 WHERE id = 9; UPDATE keyed SET a = 'b' WHERE id = 10;
        UPDATE keyed SET a = 'a7' WHERE id = 11; INSERT INTO keyed (id, a) VALUES (999, 'a8'); UPDATE keyed SET f = NULL WHERE id = 12;
        DELETE FROM loose WHERE ctid IN (SELECT ctid FROM loose WHERE v = 'same' LIMIT 3); INSERT INTO loose VALUES ('', '[]'), ('odd', NULL);
        DELETE FROM loose WHERE v IS NULL; UPDATE long SET v = NULL WHERE id = 2;
        """;

    [Fact]
    [Trait("Category", "Migration")]
    [Trait("Since", "15")] // Its oracle compares "char" above 127 as it is printed.
    public async Task rows_that_differ_are_mended_while_writers_run_and_verified_again()
    {
        await using var databases = await TwoDatabases.CreateAsync(Tables);
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        var events = new List<MigrationEvent>();
        migration.Happened += happened => { lock (events) events.Add(happened); };
        await using var writer = new CountingWriter(databases.Source, databases.Target).Start();
        await writer.AdvanceAsync(5);
        await databases.Target.ExecuteAsync(Damage);
        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);
        Assert.Equal(["keyed", "long", "loose"], report.Tables.Where(table => !table.IsEqual).Select(table => table.Name));

        report = await RepairTables.RunAsync(migration, new VerifyOptions(), report, default);

        Assert.True(report.IsEqual, report.ToError()?.Detail);
        Assert.Equal(5, report.Tables.Count);
        Assert.Equal(
            [("\"public\".\"keyed\"", 7L, 5L), ("\"public\".\"long\"", 1L, 1L), ("\"public\".\"loose\"", 4L, 2L)],
            events.OfType<TableRepaired>().Select(table => (table.Table, table.Written, table.Removed)).Order());
        await writer.AdvanceAsync(20);
        await writer.StopAsync();
        await (await migration.RelayAsync(default)).PassMarkerAsync(default);
        Assert.Equal(await RowOracle.ReadAsync(databases.Source), await RowOracle.ReadAsync(databases.Target));
        Assert.Equal(writer.Acknowledged, await databases.Target.QueryAsync<int>("SELECT n FROM counter"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task more_rows_than_are_opened_at_a_time_are_mended_in_rounds()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT g, g FROM generate_series(1, 120000) g; ANALYZE");
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Target.ExecuteAsync("UPDATE t SET v = 0");
        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);

        Assert.True((await RepairTables.RunAsync(migration, new VerifyOptions(), report, default)).IsEqual);

        Assert.Equal(7200060000L, await databases.Target.QueryAsync<long>("SELECT sum(v) FROM t"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_difference_in_shape_is_refused_and_nothing_is_changed()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v int); CREATE TABLE u (id int PRIMARY KEY); INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1)");
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Target.ExecuteAsync("ALTER TABLE t DROP v; DELETE FROM u");
        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => RepairTables.RunAsync(migration, new VerifyOptions(), report, default));

        Assert.Equal(("PB0607", "\"public\".\"t\"", ExitCode.Differs), (refused.Code, refused.About, refused.ExitCode));
        Assert.Equal(0L, await databases.Target.QueryAsync<long>("SELECT count(*) FROM u"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task a_repair_that_the_server_refuses_says_why_and_changes_nothing()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2)");
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        await databases.Target.ExecuteAsync("DELETE FROM t; ALTER TABLE t ADD CHECK (v <> 2)");
        var report = await VerifyTables.RunAsync(migration, new VerifyOptions(), default);

        var failed = await Assert.ThrowsAsync<MigrationException>(() => RepairTables.RunAsync(migration, new VerifyOptions(), report, default));

        Assert.Equal("PB0608", failed.Code);
        Assert.Contains("t_v_check", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await databases.Target.QueryAsync<long>("SELECT count(*) FROM t"));
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task values_are_read_only_when_they_are_asked_for()
    {
        await using var databases = await TwoDatabases.CreateAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY, a text, b char(4), p point); INSERT INTO t VALUES (1, 'x', 'y', '(1,2)'), (2, NULL, 'y', NULL), (3, '', NULL, NULL);
            CREATE TABLE u (v text); INSERT INTO u VALUES ('only here')
            """);
        await databases.Target.ExecuteAsync($"UPDATE t SET a = 'z', p = '(1,3)' WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t (id, a) VALUES (4, repeat('w', 5000)); UPDATE t SET a = NULL WHERE id = 3; DELETE FROM u");

        Assert.All((await databases.VerifyAsync()).Tables.SelectMany(table => table.Differences), row => Assert.Null(row.Values));
        var tables = (await databases.VerifyAsync(new VerifyOptions { Values = true })).Tables;

        var values = tables[0].Differences.ToDictionary(row => row.Key!, row => row.Values!);
        Assert.Equal([new("a", "x", "z"), new("p", "(1,2)", "(1,3)")], values["(id)=(1)"]);
        Assert.Equal([new("a", null, null), new("b", "y   ", null), new("id", "2", null), new("p", null, null)], values["(id)=(2)"]);
        Assert.Equal([new("a", "", null)], values["(id)=(3)"]);
        Assert.StartsWith("(5000 characters, sha256 ", values["(id)=(4)"][0].Target, StringComparison.Ordinal);
        Assert.Equal([new("v", "only here", null)], Assert.Single(tables[1].Differences).Values!);
    }
}

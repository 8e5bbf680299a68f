using PgBaton.Cutover;
using PgBaton.Tests.Fidelity;
using PgBaton.Tests.Gate;
using PgBaton.Tests.Preflight;

namespace PgBaton.Tests.Copy;

/// <summary>Large objects are in no stream: what became of them while following is settled inside the fence.</summary>
[Trait("Category", "Migration")]
public sealed class LargeObjectTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    const string Objects =
        """
        CREATE TABLE picture (id int PRIMARY KEY, o oid);
        INSERT INTO picture SELECT g, lo_from_bytea(0, decode(repeat(md5(g::text), 100), 'hex')) FROM generate_series(1, 5) g;
        INSERT INTO picture VALUES (6, lo_create(0)), (7, lo_from_bytea(0, decode(repeat('00ff5c', 900000), 'hex')));
        DO $$ BEGIN EXECUTE format('COMMENT ON LARGE OBJECT %s IS %L', (SELECT o FROM picture WHERE id = 1), 'it''s a "blob"'); END $$
        """;

    const string Changes =
        """
        INSERT INTO picture VALUES (10, lo_from_bytea(0, '\xdeadbeef'));
        SELECT lo_put(o, 2000000, '\x010203') FROM picture WHERE id = 7;
        SELECT lo_put(o, 3, '\xffff') FROM picture WHERE id = 1;
        SELECT lo_unlink(o) FROM picture WHERE id = 4;
        DO $$ BEGIN EXECUTE format('COMMENT ON LARGE OBJECT %s IS NULL', (SELECT o FROM picture WHERE id = 1)); END $$
        """;

    [Fact]
    public async Task they_arrive_and_come_back_whatever_was_done_to_them_meanwhile()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Objects);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal(await CaseOracle.ReadAsync(source), await CaseOracle.ReadAsync(target));

        await source.ExecuteAsync(Changes);
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments()).WaitAsync(_patience)).ExitCode);
        var after = await CaseOracle.ReadAsync(target);
        Assert.Equal(await CaseOracle.ReadAsync(source), after);
        Assert.Equal(7, after.Keys.Count(key => key.StartsWith("large object", StringComparison.Ordinal)));

        await target.ExecuteAsync("INSERT INTO picture VALUES (20, lo_from_bytea(0, '\\x77')); SELECT lo_unlink(o) FROM picture WHERE id = 2");
        await target.ExecuteAsync("SELECT lo_put(o, 0, '\\x00') FROM picture WHERE id = 3");
        Assert.Equal(0, (await migration.SayAsync("rollback", new WordArguments()).WaitAsync(_patience)).ExitCode);
        Assert.Equal(await CaseOracle.ReadAsync(target), await CaseOracle.ReadAsync(source));

        await source.ExecuteAsync("SELECT lo_unlink(o) FROM picture WHERE id = 20"); // It was made on the target.
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(_patience)).ExitCode);
        Assert.Equal(await CaseOracle.ReadAsync(source), await CaseOracle.ReadAsync(target));
    }

    [Fact]
    public async Task nobody_writes_one_inside_the_fence()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await pair.Source.ExecuteAsync("SELECT lo_create(4711)");
        await pair.FollowAsync();
        await SetFence.RunAsync(pair.Migration, default);
        Assert.Equal("55P03", await GatePair.FailureAsync(pair.Source, "SELECT lo_put(4711, 0, '\\x01')", "SET lock_timeout = '50ms'"));
        Assert.Equal("55P03", await GatePair.FailureAsync(pair.Source, "SELECT lo_create(0)", "SET lock_timeout = '50ms'"));
        await SetFence.UndoAsync(pair.Migration, default);
        Assert.Null(await GatePair.FailureAsync(pair.Source, "SELECT lo_put(4711, 0, '\\x01')", "SET lock_timeout = '50ms'"));
    }

    [Fact]
    public async Task owners_and_privileges_come_along_where_they_are_kept()
    {
        var role = $"clerk_{Guid.NewGuid():n}"[..20];
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        TestDatabase[] servers = source.Server.Major == target.Server.Major ? [source] : [source, target];
        foreach (var database in servers)
            await database.ExecuteAsync($"CREATE ROLE {role}");
        try
        {
            await source.ExecuteAsync($"SELECT lo_create(1), lo_create(2); ALTER LARGE OBJECT 1 OWNER TO {role}; GRANT SELECT ON LARGE OBJECT 1 TO PUBLIC; GRANT UPDATE ON LARGE OBJECT 2 TO {role} WITH GRANT OPTION");
            await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, Owners = true, Privileges = true });
            await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
            const string owners = "SELECT string_agg(oid || ' ' || lomowner::regrole || ' ' || array(SELECT a::text FROM unnest(lomacl) a ORDER BY 1)::text, ', ' ORDER BY oid) FROM pg_largeobject_metadata";
            Assert.Equal(await source.QueryAsync<string>(owners), await target.QueryAsync<string>(owners));
            Assert.Equal(0, (await migration.SayAsync("abort", new WordArguments()).WaitAsync(_patience)).ExitCode);
            Assert.Equal(0L, await target.QueryAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
            Assert.Equal(2L, await source.QueryAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
        }
        finally
        {
            await source.ExecuteAsync("SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
            foreach (var database in servers)
                await database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task a_strangers_on_the_target_stops_the_cutover_and_is_not_touched()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); SELECT lo_create(1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await target.ExecuteAsync("SELECT lo_from_bytea(2, '\\x02')");
        var refused = await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(_patience);
        Assert.Equal(("PB0411", "large object 2"), (refused.Error!.Code, refused.Error.Object));
        Assert.Equal("\\x02", await target.QueryAsync<string>("SELECT lo_get(2)::text"));
        Assert.Null(await GatePair.FailureAsync(source, "INSERT INTO t VALUES (1)"));
    }

    [Fact]
    public async Task they_stay_behind_when_told_so()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Objects);
        await target.ExecuteAsync("SELECT lo_create(4711)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, LargeObjects = LargeObjectChoice.Skip });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal(0, (await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(_patience)).ExitCode);
        Assert.Equal(1L, await target.QueryAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
    }

    [Fact]
    public async Task PB1060_tells_what_they_cost_and_refuses_those_that_may_not_be_read()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(source);
        await source.ExecuteAsync("SELECT lo_create(4711), lo_create(4712); GRANT SELECT ON LARGE OBJECT 4712 TO PUBLIC");
        (await Checked.AskAsync(source)).MustHave("PB1060", Severity.Notice);
        var hidden = (await Migration.CheckAsync(Checked.Options(role.Uri), default)).MustHave("PB1060", Severity.Blocker);
        Assert.Equal("large object 4711", hidden.About);
        (await Migration.CheckAsync(Checked.Options(role.Uri) with { LargeObjects = LargeObjectChoice.Skip }, default)).MustHave("PB1060", Severity.Warning);
        (await Migration.CheckAsync(Checked.Options(source.Uri) with { Schemas = ["public"] }, default)).MustHave("PB1060", Severity.Warning);
    }

    [Fact]
    public async Task PB1061_those_of_the_target_are_in_the_way()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("SELECT lo_create(1)");
        await target.ExecuteAsync("SELECT lo_create(2)");
        (await Migration.CheckAsync(Checked.Options(source.Uri, target.Uri), default)).MustHave("PB1061", Severity.Blocker);
    }
}

namespace PgBaton.Tests.Preflight;

/// <summary>What would end a migration on its way: time limits, disks, workers, libraries that change.</summary>
public sealed class LimitCheckTests
{
    [Fact]
    public async Task PB1044_time_limits_of_the_role_are_told_and_ours_are_switched_off()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(
            source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role; ALTER ROLE $role SET statement_timeout = '2min'; ALTER ROLE $role SET idle_in_transaction_session_timeout = '1500ms'");
        var finding = (await Checked.AskAsync(role.Uri)).MustHave("PB1044", Severity.Notice);
        Assert.Contains("statement_timeout 120 s, idle_in_transaction_session_timeout 1.5 s", finding.Message, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"{role.Name}\" SET statement_timeout = 0;", finding.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain((await Checked.AskAsync(source)).Findings, found => found is { Code: "PB1044", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1044_a_time_limit_that_ends_every_statement_of_the_role_blocks_nothing()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var from = await TestRole.CreateAsync(source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role; ALTER ROLE $role SET statement_timeout = '1ms'");
        await using var to = await TestRole.CreateAsync(target, grants: $"GRANT CREATE ON DATABASE {target.Name} TO $role; ALTER ROLE $role SET statement_timeout = '1ms'");
        var findings = (await Checked.AskAsync(from.Uri, to.Uri)).Findings;
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Blocker);
        Assert.Equal(2, findings.Count(finding => finding is { Code: "PB1044", Severity: Severity.Notice }));
    }

    [Theory]
    [InlineData("now() + interval '3 days 1 hour'", Severity.Warning, "expires in 3 days")]
    [InlineData("now() + interval '100 days 1 hour'", Severity.Notice, "expires in 100 days")]
    [InlineData("'infinity'", Severity.Ok, "")]
    public async Task PB1045_a_password_that_expires_is_told(string until, Severity severity, string said)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(source, grants: $"GRANT CREATE ON DATABASE {source.Name} TO $role");
        await source.ExecuteAsync($"DO $$ BEGIN EXECUTE format('ALTER ROLE {role.Name} VALID UNTIL %L', {until}); END $$");
        var report = await Checked.AskAsync(role.Uri);
        if (severity == Severity.Ok)
            Assert.DoesNotContain(report.Findings, finding => finding is { Code: "PB1045", Severity: > Severity.Ok });
        else
            Assert.Contains(said, report.MustHave("PB1045", severity).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1028_a_forecast_of_the_WAL_beyond_what_is_kept_is_told()
    {
        await using var server = await OwnServer.StartAsync(17, "max_slot_wal_keep_size = '16MB'");
        await using var busy = await server.CreateDatabaseAsync();
        await busy.ExecuteAsync("CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g; ALTER TABLE t ADD PRIMARY KEY (id)");
        await busy.ExecuteAsync("SELECT count(pg_logical_emit_message(false, 'x', repeat('x', 1000000))) FROM generate_series(1, 400)");
        await busy.WaitForAsync("SELECT wal_bytes > 400e6 FROM pg_stat_wal");
        Assert.Matches("about [0-9.]+ [MG]B will be written during the copy", (await Checked.AskAsync(busy)).MustHave("PB1028", Severity.Warning).Message);
        var onSmallDisk = await Migration.CheckAsync(Checked.Options(busy.Uri) with { SourceDisk = 1 << 20 }, default);
        Assert.Matches("about [0-9.]+ [MG]B of WAL will be written during the copy, and the source has 1 MB of disk", onSmallDisk.MustHave("PB1028", Severity.Warning).Message);
    }

    [Fact]
    public async Task PB1028_what_is_written_just_now_and_a_sample_copy_make_the_forecast()
    {
        // 13 keeps no account of its WAL.
        await using var server = await OwnServer.StartAsync(13, "max_slot_wal_keep_size = '16MB'\nmax_wal_size = '64MB'");
        await using var source = await server.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t AS SELECT g AS id, repeat('x', 1000) AS v FROM generate_series(1, 60000) g; ALTER TABLE t ADD PRIMARY KEY (id); ANALYZE t");
        using var enough = new CancellationTokenSource();
        await using var writer = await source.OpenAsync();
        await using var write = new Npgsql.NpgsqlCommand("DO $$ BEGIN LOOP PERFORM pg_logical_emit_message(false, 'x', repeat('x', 1000000)); PERFORM pg_sleep(0.005); END LOOP; END $$", writer);
        var writing = write.ExecuteNonQueryAsync(enough.Token);
        await source.WaitForAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')");
        var finding = (await Checked.AskAsync(source, target)).MustHave("PB1028", Severity.Warning);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Matches("about [0-9.]+ [MG]B will be written during the copy", finding.Message);
        Assert.Matches("what is written just now, for a copy at [0-9.]+ [MG]B/s, by a sample", finding.Detail);
    }

    [Theory]
    [InlineData(1L << 20, Severity.Blocker)]
    [InlineData(0L, Severity.Warning)] // As much as the source takes.
    [InlineData(1L << 40, Severity.Ok)]
    public async Task PB1084_the_disk_of_the_target_is_compared_where_it_is_told(long disk, Severity severity)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var free = disk > 0 ? disk : await source.QueryAsync<long>("SELECT pg_database_size(current_database())") + 100_000;
        var report = await Migration.CheckAsync(Checked.Options(source.Uri) with { TargetDisk = free }, default);
        if (severity > Severity.Ok)
            report.MustHave("PB1084", severity);
        else
            Assert.DoesNotContain(report.Findings, finding => finding is { Code: "PB1084", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1034_a_target_without_workers_is_refused_for_a_subscription()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var server = await OwnServer.StartAsync(17, "max_logical_replication_workers = 0\nmax_worker_processes = 1");
        var findings = (await Migration.CheckAsync(Checked.Options(source.Uri, server.UriOf("postgres")) with { Via = Via.Subscription }, default)).Findings;
        Assert.Equal(
            ["max_logical_replication_workers", "max_worker_processes"],
            findings.Where(finding => finding is { Code: "PB1034", Severity: Severity.Blocker }).Select(finding => finding.About).Order());
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        Assert.DoesNotContain(
            (await Migration.CheckAsync(Checked.Options(source.Uri, target.Uri) with { Via = Via.Subscription }, default)).Findings,
            finding => finding is { Code: "PB1034", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1018_a_collation_that_has_changed_under_its_indexes_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE COLLATION german (provider = icu, locale = 'de'); CREATE TABLE t (id int PRIMARY KEY, v text COLLATE german)");
        Assert.DoesNotContain((await Checked.AskAsync(source)).Findings, finding => finding is { Code: "PB1018", Severity: > Severity.Ok });
        await source.ExecuteAsync("UPDATE pg_collation SET collversion = '1.0' WHERE collname = 'german'");
        Assert.Contains("public.german (1.0, now ", (await Checked.AskAsync(source)).MustHave("PB1018", Severity.Warning).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1058_triggers_and_rules_that_fire_for_replicated_changes_are_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER ordinary AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER eager AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
            """);
        Assert.DoesNotContain((await Checked.AskAsync(source)).Findings, finding => finding is { Code: "PB1058", Severity: > Severity.Ok });
        await source.ExecuteAsync("ALTER TABLE t ENABLE ALWAYS TRIGGER eager");
        var detail = (await Checked.AskAsync(source)).MustHave("PB1058", Severity.Notice).Detail;
        Assert.Contains("trigger \"eager\" on \"public\".\"t\" (ENABLE ALWAYS)", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("ordinary", detail, StringComparison.Ordinal);
    }
}

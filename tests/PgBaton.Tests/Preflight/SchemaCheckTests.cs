namespace PgBaton.Tests.Preflight;

public sealed class SchemaCheckTests
{
    [Theory]
    [InlineData("CREATE TABLE t (id int, v text)", "ADD PRIMARY KEY")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)", "REPLICA IDENTITY FULL")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t REPLICA IDENTITY NOTHING", "REPLICA IDENTITY DEFAULT")]
    [InlineData("CREATE TABLE t (id int NOT NULL); CREATE UNIQUE INDEX k ON t (id)", "REPLICA IDENTITY USING INDEX \"k\"")]
    [InlineData("CREATE TABLE t (id int); CREATE UNIQUE INDEX k ON t (id)", "SET NOT NULL")]
    [InlineData("CREATE TABLE t (id int NOT NULL, v int); CREATE UNIQUE INDEX k ON t (id) WHERE v > 0", "ADD PRIMARY KEY")]
    [InlineData("CREATE TABLE t (id int NOT NULL); CREATE UNIQUE INDEX k ON t ((id + 1))", "ADD PRIMARY KEY")]
    [InlineData("CREATE TABLE r (id int) PARTITION BY LIST (id); CREATE TABLE t PARTITION OF r FOR VALUES IN (1)", "ADD PRIMARY KEY")]
    public async Task PB1050_a_table_without_replica_identity_is_refused_and_the_way_out_shown(string sql, string fix)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(sql);
        var finding = (await Checked.AskAsync(source)).MustHave("PB1050", Severity.Blocker);
        Assert.Equal("\"public\".\"t\"", finding.About);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1050_is_a_notice_with_replica_identity_full()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int)");
        var report = await Migration.CheckAsync(Checked.Options(source.Uri) with { ReplicaIdentityFull = true }, CancellationToken.None);
        report.MustHave("PB1050", Severity.Notice);
        Assert.Equal(ExitCode.Done, report.ExitCode);
    }

    [Fact]
    public async Task PB1050_is_a_warning_when_ignored_and_silent_when_the_table_is_left_out()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int)");
        var options = Checked.Options(source.Uri);
        (await Migration.CheckAsync(options with { IgnoredFindings = ["PB1050"] }, CancellationToken.None)).MustHave("PB1050", Severity.Warning);
        Assert.DoesNotContain(
            (await Migration.CheckAsync(options with { ExcludedTables = ["public.t"] }, CancellationToken.None)).Findings, finding => finding is { Code: "PB1050", Severity: > Severity.Ok });
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); ALTER TABLE t REPLICA IDENTITY FULL")]
    [InlineData("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED)")]
    public async Task PB1051_FULL_is_every_column_a_generated_one_too(string table)
    {
        await using var source = await TestServer.Of(18).CreateDatabaseAsync();
        await using var older = await TestServer.Of(17).CreateDatabaseAsync();
        await using var target = await TestServer.Of(18).CreateDatabaseAsync();
        foreach (var database in new[] { source, older })
            await database.ExecuteAsync(table);
        async Task<CheckReport> AskAsync(TestDatabase from) => await Migration.CheckAsync(Checked.Options(from.Uri, target.Uri) with { ReplicaIdentityFull = true }, default);
        (await AskAsync(source)).MustHave("PB1051", Severity.Blocker);
        (await AskAsync(older)).MustHave("PB1051", Severity.Warning);
    }

    [Fact]
    public async Task PB1051_a_generated_column_in_the_replica_identity_is_refused()
    {
        const string table = "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED NOT NULL, PRIMARY KEY (b))";
        await using var source = await TestServer.Of(18).CreateDatabaseAsync();
        await source.ExecuteAsync(table);
        (await Checked.AskAsync(source)).MustHave("PB1051", Severity.Blocker);
        await using var older = await TestServer.Of(17).CreateDatabaseAsync();
        await older.ExecuteAsync(table);
        var fix = (await Checked.AskAsync(older)).MustHave("PB1051", Severity.Blocker).Fix!;
        await older.ExecuteAsync(fix);
        Assert.DoesNotContain((await Checked.AskAsync(older)).Findings, finding => finding is { Code: "PB1051", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1068_labels_of_a_provider_that_the_target_has_not_loaded_are_refused_or_left_behind()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'masks', 'MASKED')");
        Assert.Contains("masks", (await Checked.AskAsync(source, target)).MustHave("PB1068", Severity.Blocker).Message, StringComparison.Ordinal);

        var options = Checked.Options(source.Uri, target.Uri) with { NoSecurityLabels = true };
        Assert.Equal(ExitCode.Done, (await Migration.CheckAsync(options, CancellationToken.None)).ExitCode);
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync);
        Assert.Equal(0L, await target.QueryAsync<long>("SELECT count(*) FROM pg_seclabels"));
        await migration.SayAsync("abort", new WordArguments());
    }

    [Fact]
    public async Task PB1066_a_pattern_that_chooses_nothing_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE SCHEMA sales; CREATE TABLE sales.\"Order\" (id int PRIMARY KEY); CREATE VIEW public.v AS SELECT 1 AS one");
        var options = Checked.Options(source.Uri);
        var findings = (await Migration.CheckAsync(options with { Tables = ["sales.*", "sales.order", "v"] }, CancellationToken.None)).Findings;
        Assert.Equal("sales.order", Assert.Single(findings, finding => finding is { Code: "PB1066", Severity: Severity.Blocker }).About);
        findings = (await Migration.CheckAsync(options with { Schemas = ["sale"] }, CancellationToken.None)).Findings;
        Assert.Contains(findings, finding => finding is { Code: "PB1066", Severity: Severity.Blocker, About: "sale" });
        Assert.Contains(findings, finding => finding is { Code: "PB1066", Severity: Severity.Warning });
        findings = (await Migration.CheckAsync(options with { ExcludedTables = ["v", "sales.x"], ExcludedSchemas = ["sale"] }, CancellationToken.None)).Findings;
        Assert.Equal(["sales.x", "sale"], findings.Where(finding => finding is { Code: "PB1066", Severity: Severity.Notice }).Select(finding => finding.About));
        Assert.DoesNotContain(
            (await Migration.CheckAsync(options with { Tables = ["sales.\"Order\""], Schemas = ["s*"] }, CancellationToken.None)).Findings,
            finding => finding is { Code: "PB1066", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1052_unlogged_tables_are_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE UNLOGGED TABLE t (id int)");
        var report = await Checked.AskAsync(source);
        report.MustHave("PB1052", Severity.Warning);
        Assert.DoesNotContain(report.Findings, finding => finding is { Code: "PB1050", Severity: > Severity.Ok }); // Not published: it needs none.
    }

    [Fact]
    public async Task PB1056_objects_that_only_a_superuser_may_make_block_where_our_role_is_none()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            "CREATE FUNCTION tight(int) RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT $1'; CREATE EXTENSION hstore; CREATE TYPE r AS RANGE (subtype = int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        var finding = (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1056", Severity.Blocker);
        Assert.Contains("leakproof function", finding.Detail, StringComparison.Ordinal);
        Assert.StartsWith("1 object that", finding.Message, StringComparison.Ordinal); // Not what the extension brings, nor the range's constructors.
        Assert.DoesNotContain((await Checked.AskAsync(source, target)).Findings, found => found is { Code: "PB1056", Severity: > Severity.Ok });
    }

    [Fact]
    public async Task PB1053_materialized_views_and_foreign_tables_are_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
            CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER s;
            """);
        var findings = (await Checked.AskAsync(source)).Findings.Where(finding => finding is { Code: "PB1053", Severity: Severity.Notice }).ToList();
        Assert.Equal(["\"public\".\"f\"", "\"public\".\"m\""], findings.Select(finding => finding.About));
    }

    [Fact]
    public async Task PB1054_event_triggers_are_a_warning_where_the_target_role_cannot_make_them()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e()");
        await using var role = await TestRole.CreateAsync(target, "", $"GRANT CREATE ON DATABASE {target.Name} TO $role");
        (await Checked.AskAsync(source, target)).MustHave("PB1054", Severity.Notice);
        (await Checked.AskAsync(source.Uri, role.Uri)).MustHave("PB1054", Severity.Warning);
    }

    [Fact]
    public async Task PB1055_tables_that_differ_only_by_case_are_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE \"Users\" (id int PRIMARY KEY)");
        (await Checked.AskAsync(source)).MustHave("PB1055", Severity.Notice);
    }
}

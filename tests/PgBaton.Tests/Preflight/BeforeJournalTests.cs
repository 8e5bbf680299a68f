namespace PgBaton.Tests.Preflight;

/// <summary>What cannot be migrated is refused before anything is written.</summary>
public sealed class BeforeJournalTests
{
    static async Task<(MigrationException Error, List<Finding> Findings)> RefusedAsync(string source, string target)
    {
        await using var migration = Migration.Open(Checked.Options(source, target));
        var findings = new List<Finding>();
        migration.Happened += happened =>
        {
            if (happened is FindingReported reported)
                findings.Add(reported.Finding);
        };
        return (await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.InSync)), findings);
    }

    [Fact]
    public async Task a_blocker_stops_the_migration_with_all_findings_and_leaves_no_trace()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE keyless (id int); SELECT lo_create(0)");
        await target.ExecuteAsync("SELECT lo_create(0)");
        var (error, findings) = await RefusedAsync(source.Uri, target.Uri);
        Assert.Equal(("PB1000", ExitCode.Blocked), (error.Code, error.ExitCode));
        Assert.Contains("PB1050", error.Detail, StringComparison.Ordinal);
        Assert.Contains("PB1061", error.Detail, StringComparison.Ordinal);
        Assert.Equal(["PB1050", "PB1061"], findings.Where(finding => finding.Severity == Severity.Blocker).Select(finding => finding.Code));
        Assert.Equal(0, await target.QueryAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pgbaton%'"));
        Assert.Equal(0, await source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
    }

    [Fact]
    public async Task a_pg_dump_that_cannot_read_the_source_is_not_passed_by_ignoring_it()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, PgBin = Path.GetTempPath(), IgnoredFindings = ["PB1085"] });
        var error = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.InSync));
        Assert.Equal("PB1000", error.Code);
        Assert.Contains("PB1085", error.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"));
    }

    [Fact]
    public async Task a_standby_is_no_target()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var standby = await OwnServer.StartAsync(17);
        await standby.BecomeStandbyAsync();
        Assert.Equal("PB0113", (await RefusedAsync(source.Uri, standby.UriOf("postgres"))).Error.Code);
    }

    [Fact]
    public async Task a_role_that_may_not_create_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(target, "");
        Assert.Equal("PB0115", (await RefusedAsync(source.Uri, role.Uri)).Error.Code);
    }

    [Fact]
    public async Task a_schema_of_somebody_else_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync("CREATE SCHEMA pgbaton; CREATE TABLE pgbaton.theirs (id int)");
        Assert.Equal("PB0201", (await RefusedAsync(source.Uri, target.Uri)).Error.Code);
        Assert.Equal(1, await target.QueryAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'theirs'"));
    }

    [Fact]
    public async Task no_password_is_in_a_report()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var from = await TestRole.CreateAsync(source, "");
        await using var to = await TestRole.CreateAsync(target, "");
        await source.ExecuteAsync("CREATE TABLE t (id int)");
        var json = (await Checked.AskAsync(from.Uri, to.Uri)).Json();
        Assert.DoesNotContain(from.Password, json, StringComparison.Ordinal);
        Assert.DoesNotContain(to.Password, json, StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(source.Uri).UserInfo.Split(':')[1], (await Checked.AskAsync(source, target)).Json(), StringComparison.Ordinal);
    }

    [Fact]
    public void every_query_is_plain_ascii_so_that_a_database_of_any_encoding_takes_it()
    {
        var assembly = typeof(Migration).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Assert.True(reader.ReadToEnd().All(char.IsAscii), name);
        }
    }
}

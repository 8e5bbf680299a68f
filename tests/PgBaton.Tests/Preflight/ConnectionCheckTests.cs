using PgBaton.Preflight;

namespace PgBaton.Tests.Preflight;

public sealed class ConnectionCheckTests
{
    [Fact]
    public async Task PB1001_a_target_that_does_not_answer_is_a_finding_and_the_source_is_asked_all_the_same()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var report = await Checked.AskAsync(source.Uri, "postgresql://somebody:canary-1@127.0.0.1:1/nowhere");
        Assert.Contains("127.0.0.1:1/nowhere", report.MustHave("PB1001", Severity.Blocker).Message, StringComparison.Ordinal);
        Assert.Contains(report.Findings, finding => finding.Code == "PB1024" && finding.Severity == Severity.Ok);
        Assert.DoesNotContain("canary", report.Json(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task where_nobody_answers_the_reason_is_the_error()
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => Checked.AskAsync("postgresql://u:canary-1@127.0.0.1:1/d", "postgresql://u:canary-2@no-such-host.invalid/d"));
        Assert.Equal("PB0101", error.Code);
        Assert.Contains("Neither does the target answer: cannot connect to the target no-such-host.invalid", error.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{error.Message}{error.Detail}{error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1002_a_password_file_that_others_may_read_is_told()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        var file = Path.GetTempFileName();
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            var target = $"host=127.0.0.1 port=1 user=u dbname=d passfile={file}";
            Assert.Contains(file, (await Checked.AskAsync(source.Uri, target)).MustHave("PB1002", Severity.Warning).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task PB1003_something_between_that_drops_our_settings_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var pooler = new ForgetfulPooler(source.Uri);
        Assert.Contains("did not reach", (await Checked.AskAsync(pooler.Uri)).MustHave("PB1003", Severity.Blocker).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_asked_through_a_pooler_leaves_no_setting_in_its_sessions()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('v', 200) FROM generate_series(1, 10000) g; ANALYZE t");
        await using var before = new ForgetfulPooler(source.Uri);
        await using var behind = new ForgetfulPooler(target.Uri);
        Assert.Contains((await Checked.AskAsync(before.Uri, behind.Uri)).Findings, finding => finding is { Code: "PB1046", Severity: Severity.Ok }); // It has looked.

        const string set = "SELECT name || '=' || setting FROM pg_settings WHERE source = 'session' ORDER BY name";
        Assert.Empty(await before.AskLeftSessionsAsync(set));
        Assert.Empty(await behind.AskLeftSessionsAsync(set));
    }

    [Fact]
    public async Task PB1003_a_trigger_at_login_is_not_taken_for_a_pooler()
    {
        await using var source = await TestServer.Target.CreateDatabaseAsync(); // From 17 on.
        await source.ExecuteAsync(
            """
            CREATE FUNCTION at_login() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('TimeZone', 'Asia/Kathmandu', false); END $$;
            CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION at_login();
            """);
        var finding = (await Checked.AskAsync(source)).MustHave("PB1003", Severity.Blocker);
        Assert.EndsWith("TimeZone", finding.Message, StringComparison.Ordinal);
        Assert.Contains("ON login", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1003_a_poolers_port_draws_a_warning()
    {
        await using var server = await OwnServer.StartAsync(17, port: 6432);
        (await Checked.AskAsync(server.UriOf("postgres"))).MustHave("PB1003", Severity.Warning);
    }

    [Fact]
    public void every_check_has_a_code_and_a_page_of_its_own()
    {
        Assert.Equal(Checks.All.Length, Checks.All.Select(check => check.Code).Distinct().Count());
        foreach (var check in Checks.All)
        {
            using var page = typeof(Check).Assembly.GetManifestResourceStream($"{check.Code}.md");
            Assert.True(page is not null, $"docs/checks/{check.Code}.md is missing");
            using var reader = new StreamReader(page);
            Assert.StartsWith($"# {check.Code}: ", reader.ReadLine(), StringComparison.Ordinal);
        }
    }
}

namespace PgBaton.Tests.Preflight;

public sealed class ServerCheckTests
{
    [Fact]
    public async Task PB1010_a_target_older_than_the_source_draws_a_warning()
    {
        await using var source = await TestServer.Of(18).CreateDatabaseAsync();
        await using var target = await TestServer.Of(15).CreateDatabaseAsync();
        (await Checked.AskAsync(source, target)).MustHave("PB1010", Severity.Warning);
    }

    [Fact]
    public async Task PB1011_the_same_database_twice_is_refused_by_whatever_name()
    {
        await using var source = await TestServer.Of(17).CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE held (n int PRIMARY KEY); INSERT INTO held VALUES (1)");
        var report = await Checked.AskAsync(source.Uri, source.Uri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        report.MustHave("PB1011", Severity.Blocker);
        Assert.Single(report.Findings, finding => finding.Severity == Severity.Blocker); // No advice to empty it, because rows are there already.
    }

    [Fact]
    public async Task PB1011_two_databases_of_one_server_are_two()
    {
        await using var source = await TestServer.Of(17).CreateDatabaseAsync();
        await using var target = await TestServer.Of(17).CreateDatabaseAsync();
        Assert.DoesNotContain((await Checked.AskAsync(source, target)).Findings, finding => finding.Severity == Severity.Blocker);
    }

    [Fact]
    public async Task PB1012_and_PB1080_a_standby_can_be_neither_source_nor_target()
    {
        await using var server = await OwnServer.StartAsync(17);
        await server.BecomeStandbyAsync();
        await using var other = await TestServer.Of(17).CreateDatabaseAsync();
        (await Checked.AskAsync(server.UriOf("postgres"))).MustHave("PB1012", Severity.Blocker);
        (await Checked.AskAsync(other.Uri, server.UriOf("postgres"))).MustHave("PB1080", Severity.Blocker);
    }

    [Fact]
    public async Task PB1013_known_errors_of_the_sources_release_are_told()
    {
        await using var source = await TestServer.Of(17).CreateDatabaseAsync();
        var minor = int.Parse(await source.QueryAsync<string>("SHOW server_version_num"), provider: null) % 10000;
        var told = (await Checked.AskAsync(source)).Findings.Any(finding => finding is { Code: "PB1013", Severity: > Severity.Ok });
        Assert.Equal(minor < 12, told);
    }

    [Theory]
    [InlineData("ENCODING 'LATIN1' LOCALE 'C'", "ENCODING 'UTF8' LOCALE 'C'", Severity.Notice)]
    [InlineData("ENCODING 'UTF8' LOCALE 'C'", "ENCODING 'LATIN1' LOCALE 'C'", Severity.Blocker)]
    [InlineData("ENCODING 'SQL_ASCII' LOCALE 'C'", "ENCODING 'UTF8' LOCALE 'C'", Severity.Blocker)]
    [InlineData("LC_COLLATE 'C' LC_CTYPE 'C'", "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", Severity.Warning)]
    public async Task PB1014_another_encoding_or_locale_is_told(string ofSource, string ofTarget, Severity severity)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync(ofSource);
        await using var target = await TestServer.Target.CreateDatabaseAsync(ofTarget);
        (await Checked.AskAsync(source, target)).MustHave("PB1014", severity);
    }

    [Fact]
    public async Task PB1015_a_role_with_few_connections_left_is_refused()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(source, "REPLICATION CONNECTION LIMIT 4", $"GRANT CREATE ON DATABASE {source.Name} TO $role");
        Assert.Contains("CONNECTION LIMIT", (await Checked.AskAsync(role.Uri)).MustHave("PB1015", Severity.Blocker).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1015_a_server_with_few_connections_left_is_refused()
    {
        await using var server = await OwnServer.StartAsync(17, "max_connections = 8\nmax_wal_senders = 4");
        Assert.Contains("max_connections", (await Checked.AskAsync(server.UriOf("postgres"))).MustHave("PB1015", Severity.Blocker).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1016_a_locked_source_draws_a_warning()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync($"ALTER DATABASE {source.Name} SET default_transaction_read_only = on");
        (await Checked.AskAsync(source)).MustHave("PB1016", Severity.Warning);
    }
}

using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

public sealed class NeonApiTests
{
    [Fact]
    public async Task logical_replication_is_enabled_and_waited_for()
    {
        await using var server = new NeonServer();
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order("enable-logical-replication"), default);
        Assert.Equal(["GET /projects/cool-name-1"], server.Requests); // Nothing is changed by planning.
        Assert.Contains("cannot be disabled", change!.Irreversible, StringComparison.Ordinal);
        Assert.NotNull(change.Restarts);

        var told = new List<string>();
        await change.RunAsync(told.Add, default);
        Assert.True(server.IsLogical);
        Assert.Equal(["apply_config: finished"], told);
        Assert.Empty((await Changes(server, http).PlanAsync(Order("enable-logical-replication"), default))!.What); // Said twice, done once.
    }

    [Fact]
    public async Task an_operation_that_fails_is_an_error()
    {
        await using var server = new NeonServer { Outcome = "error" };
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order("enable-logical-replication"), default);
        Assert.Equal("PB0904", (await Assert.ThrowsAsync<MigrationException>(() => change!.RunAsync(_ => { }, default))).Code);
    }

    [Fact]
    public async Task a_project_is_made_as_asked()
    {
        await using var server = new NeonServer();
        using var http = new HttpClient();
        var order = Order("create-target") with { Region = "aws-eu-west-1", Major = 17, Title = "shop", WayBack = true, Units = (1, 4), Organization = "org-1" };
        var made = await (await Changes(server, http).PlanAsync(order, default))!.RunAsync(_ => { }, default);
        Assert.Equal(
            """{"project":{"name":"shop","region_id":"aws-eu-central-1","pg_version":17,"default_endpoint_settings":{"autoscaling_limit_min_cu":1,"autoscaling_limit_max_cu":4},"org_id":"org-1","settings":{"enable_logical_replication":true}}}""",
            server.Changed!.ToJsonString());
        Assert.Equal("cool-name-1", made["project"]);
        Assert.Contains(NeonServer.Password, made["connection"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_target_gets_more_compute()
    {
        await using var server = new NeonServer();
        using var http = new HttpClient();
        await (await Changes(server, http).PlanAsync(Order("prepare-target"), default))!.RunAsync(_ => { }, default);
        Assert.Equal("""{"endpoint":{"autoscaling_limit_min_cu":1,"autoscaling_limit_max_cu":8,"suspend_timeout_seconds":-1}}""", server.Changed!.ToJsonString());
    }

    [Fact]
    public async Task a_key_that_is_refused_is_told_and_not_shown()
    {
        await using var server = new NeonServer();
        using var http = new HttpClient();
        var changes = new ProviderChanges(name => name switch { "NEON_API_URL" => server.Address.ToString(), "NEON_API_KEY" => "canary-other", _ => null }, http, TimeProvider.System);
        var error = await Assert.ThrowsAsync<MigrationException>(() => changes.PlanAsync(Order("enable-logical-replication"), default));
        Assert.Equal("PB0902", error.Code);
        Assert.Contains("do not pass authentication", error.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{error.Message}{error.Detail}{error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_api_that_does_not_answer_is_told()
    {
        using var http = new HttpClient();
        var changes = new ProviderChanges(name => name switch { "NEON_API_URL" => "http://127.0.0.1:1/", "NEON_API_KEY" => "k", _ => null }, http, TimeProvider.System);
        Assert.Equal("PB0903", (await Assert.ThrowsAsync<MigrationException>(() => changes.PlanAsync(Order("enable-logical-replication"), default))).Code);
    }

    [Fact]
    public async Task without_a_key_nothing_is_sent()
    {
        using var http = new HttpClient();
        var error = await Assert.ThrowsAsync<MigrationException>(() => new ProviderChanges(_ => null, http, TimeProvider.System).PlanAsync(Order("prepare-target"), default));
        Assert.Equal(("PB0901", ExitCode.Usage), (error.Code, error.ExitCode));
    }

    [Theory]
    [InlineData("aws-us-east-2", "aws-us-east-2")]
    [InlineData("aws-eu-north-1", "aws-eu-central-1")]
    [InlineData("gcp-europe-west3", "aws-eu-central-1")]
    [InlineData("oregon", null)]
    public void the_nearest_region_is_found(string region, string? nearest) => Assert.Equal(nearest, NeonTarget.NearestTo(region));

    static ProviderOrder Order(string action) => new(action, "neon") { Project = "cool-name-1" };

    static ProviderChanges Changes(NeonServer server, HttpClient http)
        => new(name => name switch { "NEON_API_URL" => server.Address.ToString(), "NEON_API_KEY" => NeonServer.Key, _ => null }, http, new HurriedTime());
}

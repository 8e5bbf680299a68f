using System.Net;
using System.Text.Json.Nodes;
using PgBaton.Tests.ControlPlane;

namespace PgBaton.Tests.Web;

/// <summary>What providers are asked to do from the page: told first, then done, and the password stays here.</summary>
public sealed class ProviderDeskTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-desk-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task a_target_is_made_once_its_proposal_is_confirmed_and_its_password_shown_nowhere()
    {
        await using var neon = new NeonServer();
        await using var served = await ServeAsync(neon);
        var order = new { action = "create-target", at = "neon", region = "aws-eu-central-1", title = "shop", way_back = true };
        var proposal = await served.PostAsync("/api/v1/provider", order);
        Assert.Equal("Create project shop in aws-eu-central-1 with PostgreSQL 18, which is paid for from then on.", (string?)proposal["changes"]![0]);
        Assert.Equal("Logical replication cannot be disabled again.", (string?)proposal["irreversible"]);
        Assert.Empty(neon.Requests);

        var job = await served.PostAsync("/api/v1/provider", new { order.action, order.at, order.region, order.title, order.way_back, confirm = (string?)proposal["confirm"] });
        var done = await served.WaitForAsync($"/api/v1/provider/{job["number"]}", answer => (bool)answer["is_done"]!);
        Assert.Null(done["error"]);
        Assert.Equal("ep-rw.eu-central-1.aws.neon.tech:5432/neondb", (string?)done["target"]);
        var file = (string)done["connection_file"]!;
        Assert.Equal(Path.Combine(_folder.FullName, "target.args"), file);
        Assert.Contains(NeonServer.Password, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var listed = await served.PostAsync("/api/v1/migrations", new { source = "postgresql://app@127.0.0.1:1/shop", made = (int)done["number"]! });
        Assert.Equal((string?)done["target"], (string?)listed["target"]);
        Assert.DoesNotContain(NeonServer.Password, $"{proposal}{job}{done}{listed}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task nothing_is_done_unless_that_very_proposal_is_confirmed()
    {
        await using var neon = new NeonServer();
        await using var served = await ServeAsync(neon);
        var proposal = await served.PostAsync("/api/v1/provider", new { action = "create-target", at = "neon", region = "aws-eu-central-1" });
        foreach (var confirm in (string?[])["yes", "", (string?)proposal["confirm"]])
        {
            using var answer = await served.AskAsync(HttpMethod.Post, "/api/v1/provider", new { action = "create-target", at = "neon", region = "aws-us-east-2", confirm });
            Assert.Equal((HttpStatusCode.Conflict, "PB0022"), (answer.StatusCode, (string?)(await Served.ProblemOf(answer))["code"]));
        }

        Assert.Empty(neon.Requests);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task what_is_as_it_should_be_needs_no_confirmation_and_takes_none()
    {
        await using var neon = new NeonServer { IsLogical = true };
        await using var served = await ServeAsync(neon);
        var proposal = await served.PostAsync("/api/v1/provider", new { action = "enable-logical-replication", at = "neon", project = "cool-name-1" });
        Assert.Equal((0, null), (proposal["changes"]!.AsArray().Count, (string?)proposal["confirm"]));
    }

    [Fact]
    public async Task a_change_that_fails_is_told_and_leaves_no_file()
    {
        await using var neon = new NeonServer { Outcome = "failed" };
        await using var served = await ServeAsync(neon);
        var order = new { action = "create-target", at = "neon", region = "aws-eu-central-1" };
        var proposal = await served.PostAsync("/api/v1/provider", order);
        var job = await served.PostAsync("/api/v1/provider", new { order.action, order.at, order.region, confirm = (string?)proposal["confirm"] });
        var done = await served.WaitForAsync($"/api/v1/provider/{job["number"]}", answer => (bool)answer["is_done"]!);
        Assert.Equal("PB0904", (string?)done["error"]!["code"]);
        Assert.Empty(_folder.GetFiles());
        using var answer = await served.AskAsync(HttpMethod.Post, "/api/v1/migrations", new { source = "host=a", made = (int)done["number"]! });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("heroku", "heroku ")]
    [InlineData("planetscale", "pscale ")] // No key in the environment.
    public async Task where_a_person_has_to_do_it_the_commands_are_told(string at, string command)
    {
        await using var neon = new NeonServer();
        await using var served = await ServeAsync(neon);
        var proposal = await served.PostAsync("/api/v1/provider", new { action = "create-target", at, database = "shop" });
        Assert.Equal((null, null), ((JsonNode?)proposal["changes"], (string?)proposal["confirm"]));
        Assert.NotEmpty((string)proposal["why"]!);
        Assert.Contains(command, (string)proposal["by_hand"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_host_of_a_listed_migration_tells_the_provider()
    {
        await using var neon = new NeonServer();
        await using var served = await ServeAsync(neon);
        var listed = await served.PostAsync("/api/v1/migrations", new { source = "host=127.0.0.1 port=1 dbname=a", target = "postgresql://app@ep-rw.eu-central-1.aws.neon.tech/neondb" });
        var proposal = await served.PostAsync("/api/v1/provider", new { action = "prepare-target", migration = (string?)listed["id"], project = "cool-name-1" });
        Assert.Equal("Neon", (string?)proposal["provider"]);
        Assert.NotNull(proposal["confirm"]);
        using var unknown = await served.AskAsync(HttpMethod.Post, "/api/v1/provider", new { action = "prepare-target" });
        Assert.Equal((HttpStatusCode.BadRequest, "PB0020"), (unknown.StatusCode, (string?)(await Served.ProblemOf(unknown))["code"]));
    }

    Task<Served> ServeAsync(NeonServer neon) => Served.StartAsync(
        variable: name => name switch { "NEON_API_URL" => neon.Address.ToString(), "NEON_API_KEY" => NeonServer.Key, _ => null }, folder: _folder.FullName);
}

using PgBaton.Tests.Cli;

namespace PgBaton.Tests.ControlPlane;

/// <summary>The real program against local servers in the places of the providers'.</summary>
public sealed class ProviderCommandTests
{
    [Fact]
    public async Task a_target_is_made_its_password_goes_into_a_file_of_the_user_and_nowhere_else()
    {
        await using var server = new NeonServer();
        var file = Path.Combine(Path.GetTempPath(), $"pgbaton-{Guid.NewGuid():n}.args");
        try
        {
            var (exitCode, run) = await RunAsync(server, "create-target", "--at", "neon", "--region", "aws-eu-central-1", "--yes", "--connection-file", file, "--json");
            Assert.Equal(0, exitCode);
            Assert.DoesNotContain("canary", run.Output + run.Error, StringComparison.Ordinal);
            Assert.Equal(file, run.Result.GetProperty("connection_file").GetString());
            Assert.Equal($"--target postgresql://neondb_owner:{NeonServer.Password}@ep-rw.eu-central-1.aws.neon.tech/neondb?sslmode=require\n", await File.ReadAllTextAsync(file));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(2, (await RunAsync(server, "create-target", "--at", "neon", "--region", "aws-eu-central-1", "--yes", "--connection-file", file)).ExitCode);
            Assert.Single(server.Requests, request => request == "POST /projects"); // A file that is there is not written over, and nothing is made.
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task without_consent_nothing_is_changed_but_all_is_told()
    {
        await using var server = new NeonServer();
        var (exitCode, run) = await RunAsync(server, "enable-logical-replication", "--at", "neon", "--project", "cool-name-1");
        Assert.Equal(2, exitCode);
        Assert.Contains("Cannot be undone: Logical replication cannot be disabled again.", run.Output, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
        Assert.False(server.IsLogical);
    }

    [Fact]
    public async Task with_consent_it_is_done()
    {
        await using var server = new NeonServer();
        Assert.Equal(0, (await RunAsync(server, "enable-logical-replication", "--at", "neon", "--project", "cool-name-1", "--yes")).ExitCode);
        Assert.True(server.IsLogical);
    }

    [Fact]
    public async Task instance_and_region_are_read_from_the_host()
    {
        await using var server = new RdsServer(cluster: true) { IsQuick = true };
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL_RDS"] = server.Address.ToString(), ["AWS_ACCESS_KEY_ID"] = RdsServer.Keys.KeyId, ["AWS_SECRET_ACCESS_KEY"] = RdsServer.Keys.Secret,
        };
        var (exitCode, run) = await CommandProcess.RunWithAsync(
            environment, "provider", "enable-logical-replication", "--yes", "--source", "postgresql://app@shop.cluster-abc123.eu-west-1.rds.amazonaws.com/shop");
        Assert.True(exitCode == 0, run.Error);
        Assert.Equal("1", server.ValueIn("pgbaton-shop"));
        Assert.DoesNotContain("canary", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cloud-sql", "enable-logical-replication", "gcloud sql instances patch INSTANCE --database-flags=cloudsql.logical_decoding=on")]
    [InlineData("azure", "enable-logical-replication", "az postgres flexible-server parameter set")]
    [InlineData("heroku", "enable-logical-replication", "Heroku gives no role the right to replicate")]
    [InlineData("azure", "create-target", "az postgres flexible-server create --resource-group GROUP --name pgbaton-target --version 18")]
    [InlineData("fly", "create-target", "fly mpg create --name pgbaton-target")]
    public async Task where_there_is_no_api_here_the_way_by_hand_is_printed_and_it_is_no_success(string provider, string action, string said)
    {
        var (exitCode, run) = await CommandProcess.RunAsync("provider", action, "--at", provider);
        Assert.Equal((int)ExitCode.Stopped, exitCode);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planetscale", "create-target", "pscale database create pgbaton-target --engine postgresql")]
    [InlineData("planetscale", "prepare-target", "max_worker_processes = 10", "--database", "shop")]
    [InlineData("rds", "create-target", "aws rds create-db-instance", "--region", "eu-west-1")]
    public async Task without_a_key_the_way_by_hand_is_printed_and_it_is_an_error(string provider, string action, string said, params string[] more)
    {
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["HOME"] = "/nonexistent" }, ["provider", action, "--at", provider, .. more]);
        Assert.Equal((int)ExitCode.Usage, exitCode);
        Assert.Contains("PB0901", run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
    }

    static Task<(int ExitCode, CommandProcess Run)> RunAsync(NeonServer server, params string[] words)
        => CommandProcess.RunWithAsync(new() { ["NEON_API_URL"] = server.Address.ToString(), ["NEON_API_KEY"] = NeonServer.Key }, ["provider", .. words]);
}

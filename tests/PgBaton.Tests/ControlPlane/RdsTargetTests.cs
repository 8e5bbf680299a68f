using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

public sealed class RdsTargetTests
{
    [Theory]
    [InlineData(false, "new.abc.eu-west-1.rds.amazonaws.com")]
    [InlineData(true, "new.cluster-abc.eu-west-1.rds.amazonaws.com")]
    public async Task a_server_is_made_with_a_group_for_the_way_back_and_waited_for(bool isCluster, string host)
    {
        await using var server = new RdsMaker(isCluster);
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order(isCluster) with { WayBack = true }, default);
        Assert.Equal(["DescribeDBEngineVersions"], server.Requests); // Nothing is made by planning.
        Assert.Contains(change!.What, what => what.Contains("17.6", StringComparison.Ordinal) && what.Contains("paid for", StringComparison.Ordinal));

        var told = new List<string>();
        var made = await change.RunAsync(told.Add, default);
        Assert.Equal($"postgresql://postgres:{server.Password}@{host}:5432/postgres?sslmode=require", made["connection"]);
        Assert.Equal(isCluster ? "new-1" : "new", made["instance"]);
        Assert.DoesNotContain(told, line => line.Contains(server.Password!, StringComparison.Ordinal));
        Assert.Equal(isCluster ? null : "301", server.Instance.GetValueOrDefault("AllocatedStorage")); // Rounded up.
    }

    [Fact]
    public async Task without_a_way_back_it_has_the_default_group()
    {
        await using var server = new RdsMaker(cluster: false);
        using var http = new HttpClient();
        await (await Changes(server, http).PlanAsync(Order(isCluster: false), default))!.RunAsync(_ => { }, default);
        Assert.Equal(["DescribeDBEngineVersions", "CreateDBInstance", "DescribeDBInstances", "DescribeDBInstances"], server.Requests);
    }

    [Fact]
    public async Task an_instance_that_cannot_be_made_is_an_error()
    {
        await using var server = new RdsMaker(cluster: false) { Outcome = "incompatible-network" };
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order(isCluster: false), default);
        Assert.Contains("incompatible-network", (await Assert.ThrowsAsync<MigrationException>(() => change!.RunAsync(_ => { }, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_missing_is_asked_for_before_anything_is_made()
    {
        await using var server = new RdsMaker(cluster: false);
        using var http = new HttpClient();
        var changes = Changes(server, http);
        Assert.Contains("--size", (await Assert.ThrowsAsync<MigrationException>(() => changes.PlanAsync(Order(isCluster: false) with { Size = null }, default))).Message, StringComparison.Ordinal);
        Assert.Contains("--disk", (await Assert.ThrowsAsync<MigrationException>(() => changes.PlanAsync(Order(isCluster: false) with { Disk = null }, default))).Message, StringComparison.Ordinal);
        Assert.Equal("PB0904", (await Assert.ThrowsAsync<MigrationException>(() => changes.PlanAsync(Order(isCluster: false) with { Major = 14 }, default))).Code);
    }

    static ProviderOrder Order(bool isCluster)
        => new("create-target", isCluster ? "aurora" : "rds") { Title = "new", Region = "aws-eu-west-1", Major = 17, Size = "db.r8g.large", Disk = (300L << 30) + 1 };

    static ProviderChanges Changes(RdsMaker server, HttpClient http)
        => new(
            name => name switch
            {
                "AWS_ENDPOINT_URL_RDS" => server.Address.ToString(),
                "AWS_ACCESS_KEY_ID" => RdsServer.Keys.KeyId,
                "AWS_SECRET_ACCESS_KEY" => RdsServer.Keys.Secret,
                _ => null,
            },
            http, new HurriedTime());
}

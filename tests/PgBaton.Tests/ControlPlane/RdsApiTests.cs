using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

public sealed class RdsApiTests
{
    [Theory]
    [InlineData(false, "rds")]
    [InlineData(true, "aurora")]
    public async Task a_server_with_a_default_group_gets_one_of_its_own_and_is_rebooted(bool isCluster, string provider)
    {
        await using var server = new RdsServer(isCluster);
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order(provider, isCluster), default);
        Assert.All(server.Requests, request => Assert.StartsWith("Describe", request, StringComparison.Ordinal));
        Assert.Equal(3, change!.What.Count);
        Assert.Contains("down for the reboot", change.Restarts, StringComparison.Ordinal);

        var done = await change.RunAsync(_ => { }, default);
        Assert.Equal(("pgbaton-shop", "in-sync", "1"), (server.Group, server.GroupStatus, server.ValueIn("pgbaton-shop")));
        Assert.Equal(isCluster ? "shop-1" : "shop", done["instance"]);
        var kind = isCluster ? "Cluster" : "";
        Assert.Equal(
            [$"CreateDB{kind}ParameterGroup", $"ModifyDB{kind}ParameterGroup", isCluster ? "ModifyDBCluster" : "ModifyDBInstance", "RebootDBInstance"],
            server.Requests.Where(request => !request.StartsWith("Describe", StringComparison.Ordinal)));
        Assert.Empty((await Changes(server, http).PlanAsync(Order(provider, isCluster), default))!.What);
    }

    [Fact]
    public async Task a_group_of_ones_own_is_changed_and_not_replaced()
    {
        await using var server = new RdsServer(cluster: false) { Group = "mine", Groups = { "mine" } };
        using var http = new HttpClient();
        await (await Changes(server, http).PlanAsync(Order("rds"), default))!.RunAsync(_ => { }, default);
        Assert.Equal(["ModifyDBParameterGroup", "RebootDBInstance"], server.Requests.Where(request => !request.StartsWith("Describe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task what_only_waits_for_a_reboot_is_rebooted()
    {
        await using var server = new RdsServer(cluster: false) { Group = "mine", Groups = { "mine" }, GroupStatus = "pending-reboot" };
        server.Set("mine", "1");
        using var http = new HttpClient();
        await (await Changes(server, http).PlanAsync(Order("rds"), default))!.RunAsync(_ => { }, default);
        Assert.Equal(["RebootDBInstance"], server.Requests.Where(request => !request.StartsWith("Describe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task a_group_that_an_earlier_run_has_made_is_taken()
    {
        await using var server = new RdsServer(cluster: false) { Groups = { "pgbaton-shop" } };
        using var http = new HttpClient();
        await (await Changes(server, http).PlanAsync(Order("rds"), default))!.RunAsync(_ => { }, default);
        Assert.DoesNotContain("CreateDBParameterGroup", server.Requests);
        Assert.Equal("1", server.ValueIn("pgbaton-shop"));
    }

    static ProviderOrder Order(string provider, bool isCluster = false)
        => new("enable-logical-replication", provider) { Instance = isCluster ? null : "shop", Cluster = isCluster ? "shop" : null, Region = "aws-eu-west-1" };

    static ProviderChanges Changes(RdsServer server, HttpClient http)
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

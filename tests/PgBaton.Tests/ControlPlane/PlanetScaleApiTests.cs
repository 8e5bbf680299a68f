using PgBaton.ControlPlane;

namespace PgBaton.Tests.ControlPlane;

public sealed class PlanetScaleApiTests
{
    const long Gigabyte = 1L << 30;

    [Fact]
    public async Task a_target_is_prepared_and_waited_for()
    {
        await using var server = new PlanetScaleServer();
        using var http = new HttpClient();
        var order = Order("prepare-target") with { Disk = 300 * Gigabyte, WayBack = true };
        var change = await Changes(server, http).PlanAsync(order, default);
        Assert.All(server.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal)); // Nothing is changed by planning.
        Assert.Equal(
            [
                "Set max_worker_processes = 10 for branch main of shop, now 4.", "Set wal_level = logical for branch main of shop, now replica.",
                "Give branch main of shop at least 300 GB of disk.",
            ],
            change!.What);
        Assert.NotNull(change.Restarts);

        await change.RunAsync(_ => { }, default);
        Assert.Equal("""{"parameters":{"pgconf":{"max_worker_processes":"10","wal_level":"logical"}},"storage":{"minimum_storage_bytes":322122547200}}""", server.Changed!.ToJsonString());
        Assert.Equal(("10", "logical"), (server["max_worker_processes"], server["wal_level"]));
        Assert.Empty((await Changes(server, http).PlanAsync(order, default))!.What); // Said twice, done once.
    }

    [Fact]
    public async Task a_slot_that_has_to_outlive_a_failover_is_left_to_a_person_and_said_so()
    {
        await using var server = new PlanetScaleServer();
        using var http = new HttpClient();
        var order = Order("enable-logical-replication") with { Slot = "pgbaton_shop" };
        await (await Changes(server, http).PlanAsync(order, default))!.RunAsync(_ => { }, default);
        Assert.Equal("logical", server["wal_level"]);
        Assert.Contains("enter pgbaton_shop under", Assert.Single((await Changes(server, http).PlanAsync(order, default))!.What), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_change_that_is_canceled_is_an_error()
    {
        await using var server = new PlanetScaleServer { Outcome = "canceled" };
        using var http = new HttpClient();
        var change = await Changes(server, http).PlanAsync(Order("prepare-target"), default);
        Assert.Equal("PB0904", (await Assert.ThrowsAsync<MigrationException>(() => change!.RunAsync(_ => { }, default))).Code);
    }

    [Fact]
    public async Task the_disk_of_Metal_is_that_of_its_size()
    {
        await using var server = new PlanetScaleServer { IsMetal = true };
        using var http = new HttpClient();
        Assert.DoesNotContain((await Changes(server, http).PlanAsync(Order("prepare-target") with { Disk = 90 * Gigabyte }, default))!.What, what => what.Contains("disk", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<MigrationException>(() => Changes(server, http).PlanAsync(Order("prepare-target") with { Disk = 200 * Gigabyte }, default));
        Assert.Contains("M_160 has 100 GB", error.Message, StringComparison.Ordinal);
        var wanted = Order("create-target") with { Size = "M_160", Disk = 200 * Gigabyte };
        Assert.Contains("on Metal", (await Assert.ThrowsAsync<MigrationException>(() => Changes(server, http).PlanAsync(wanted, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_database_is_made_with_workers_and_a_role_that_inherits_and_replicates()
    {
        await using var server = new PlanetScaleServer();
        using var http = new HttpClient();
        var order = Order("create-target") with { Title = "shop", Region = "aws-eu-central-1", Size = "PS_10", Disk = 300 * Gigabyte, Major = 17 };
        var change = await Changes(server, http).PlanAsync(order, default);
        Assert.Contains("paid for", change!.What[0], StringComparison.Ordinal);
        var told = new List<string>();
        var made = await change.RunAsync(told.Add, default);
        Assert.Equal(
            ["POST /organizations/acme/databases", "PATCH /organizations/acme/databases/shop/branches/main/changes", "POST /organizations/acme/databases/shop/branches/main/roles"],
            server.Requests.Where(request => !request.StartsWith("GET ", StringComparison.Ordinal)));
        Assert.Equal("""{"name":"pgbaton","inherited_roles":["postgres"],"with_replication":true}""", server.Changed!.ToJsonString());
        Assert.Equal("10", server["max_worker_processes"]);
        Assert.Equal($"postgresql://pscale_api_x.branch1:{PlanetScaleServer.Password}@aws-eu-central-1-1.pg.psdb.cloud:5432/postgres?sslmode=verify-full&sslrootcert=system", made["connection"]);
        Assert.Equal("192.0.2.1 192.0.2.2", made["addresses"]);
        Assert.DoesNotContain(told, line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "eu-central", "--size is needed")]
    [InlineData("PS_80", "eu-central", "no size")] // Not for this organization.
    [InlineData("PS_10", "aws-us-east-1", "no region")]
    public async Task what_there_is_not_is_told_before_anything_is_made(string? size, string region, string said)
    {
        await using var server = new PlanetScaleServer();
        using var http = new HttpClient();
        var error = await Assert.ThrowsAsync<MigrationException>(() => Changes(server, http).PlanAsync(Order("create-target") with { Size = size, Region = region }, default));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(size == "PS_10" ? "eu-central, gcp-us-central1" : "PS_10, M_160", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_token_that_is_refused_is_told_and_not_shown()
    {
        await using var server = new PlanetScaleServer();
        using var http = new HttpClient();
        var error = await Assert.ThrowsAsync<MigrationException>(() => Changes(server, http, secret: "canary-other").PlanAsync(Order("prepare-target"), default));
        Assert.Equal("PB0902", error.Code);
        Assert.DoesNotContain("canary", $"{error.Message}{error.Detail}{error.Hint}", StringComparison.Ordinal);
    }

    static ProviderOrder Order(string action) => new(action, "planetscale") { Database = "shop" };

    static ProviderChanges Changes(PlanetScaleServer server, HttpClient http, string secret = "canary-secret")
        => new(
            name => name switch
            {
                "PLANETSCALE_API_URL" => server.Address.ToString(),
                "PLANETSCALE_SERVICE_TOKEN_ID" => "canary-id",
                "PLANETSCALE_SERVICE_TOKEN" => secret,
                "PLANETSCALE_ORG" => "acme",
                _ => null,
            },
            http, new HurriedTime());
}

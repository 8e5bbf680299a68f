using System.Text.Json.Nodes;

namespace PgBaton.ControlPlane;

/// <summary>A database at PlanetScale to move to.</summary>
/// <param name="api">Of the organization that will pay for it.</param>
/// <param name="time">Between two looks.</param>
sealed class PlanetScaleTarget(PlanetScaleApi api, TimeProvider time)
{
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    /// <summary>Looks whether there is such a region and size, and tells what would be made.</summary>
    /// <exception cref="MigrationException">PB0020: no such region or size, or one whose disk is too small. PB0902 to PB0904.</exception>
    public async Task<ProviderChange> PlanAsync(ProviderOrder order, CancellationToken ct)
    {
        var region = order.Region is { } wanted ? await RegionAsync(wanted, ct) : null;
        var size = await SizeAsync(order, region, ct);
        return new(
            [
                $"Create database {order.Title} of PostgreSQL {order.Major}{(region is null ? " in the organization's default region" : $" in {region}")}, size {size.Name}, which is paid for from then on.",
                .. order.Disk is { } disk && !size.IsMetal ? (string[])[$"With at least {(disk + (1L << 30) - 1) >> 30} GB of disk."] : [],
                $"Set {string.Join(", ", Parameters(order).Select(pair => $"{pair.Key} = {pair.Value}"))}.",
                "Make role pgbaton, which inherits postgres and may replicate.",
                .. order.Slot is { } slot ? (string[])[$"By hand, there is no call for it: enter {slot} under Cluster configuration > Failover > Logical slot name, or a failover loses that slot."] : [],
            ],
            Restarts: null, Irreversible: null, (tell, token) => MakeAsync(order, region, size, tell, token));
    }

    async Task<IReadOnlyDictionary<string, string>> MakeAsync(ProviderOrder order, string? region, PlanetScaleSize size, Action<string> tell, CancellationToken ct)
    {
        var body = new JsonObject { ["name"] = order.Title, ["kind"] = "postgresql", ["cluster_size"] = size.Name, ["major_version"] = $"{order.Major}" };
        if (region is not null)
            body["region"] = region;
        if (order.Disk is { } disk && !size.IsMetal)
            body["storage"] = new JsonObject { ["minimum_storage_bytes"] = disk };
        var database = await api.PostAsync("databases", body, ct);
        tell($"database {order.Title} is being made");
        while ((bool?)database["ready"] != true)
        {
            await Task.Delay(_interval, time, ct);
            database = await api.GetAsync($"databases/{Uri.EscapeDataString(order.Title)}", ct);
        }

        var branch = (string?)database["default_branch"] ?? "main";
        var configuration = await new PlanetScaleBranch(api, order.Title, branch, time).ConfigureAsync(Parameters(order), disk: null, slot: null, ct);
        await configuration.RunAsync(tell, ct);
        var role = await RoleAsync(order.Title, branch, tell, ct);
        var addresses = string.Join(' ', database["region"]?["public_ip_addresses"]?.AsArray().Select(item => (string)item!) ?? []);
        tell($"its servers connect to others from {addresses}: for a subscription, the source has to let them in");
        return new Dictionary<string, string> { ["database"] = order.Title, ["branch"] = branch, ["connection"] = ConnectionOf(role), ["addresses"] = addresses };
    }

    async Task<JsonObject> RoleAsync(string database, string branch, Action<string> tell, CancellationToken ct)
    {
        // Without a time to live: a role that expires takes what it made with it.
        var body = new JsonObject { ["name"] = "pgbaton", ["inherited_roles"] = new JsonArray("postgres"), ["with_replication"] = true };
        var role = await api.PostAsync($"databases/{Uri.EscapeDataString(database)}/branches/{Uri.EscapeDataString(branch)}/roles", body, ct);
        tell($"role {role["username"]} is made; what it makes had better belong to postgres: migrate --target-owner postgres");
        return role;
    }

    // On the direct port; the certificate is of a public authority.
    static string ConnectionOf(JsonObject role)
        => $"postgresql://{Uri.EscapeDataString((string)role["username"]!)}:{Uri.EscapeDataString((string)role["password"]!)}@{role["access_host_url"]}:5432/"
           + $"{Uri.EscapeDataString((string)role["database_name"]!)}?sslmode=verify-full&sslrootcert=system";

    static Dictionary<string, string> Parameters(ProviderOrder order)
        => new(order.WayBack ? PlanetScaleBranch.ToSubscribe.Concat(PlanetScaleBranch.ToPublish) : PlanetScaleBranch.ToSubscribe);

    // By PlanetScale's own word (eu-central), or the cloud's (aws-eu-central-1).
    async Task<string> RegionAsync(string wanted, CancellationToken ct)
    {
        var regions = (await api.ListAsync("regions", ct)).Where(region => (bool?)region["enabled"] == true && (bool?)region["postgresql_supported"] == true).ToList();
        return (string?)regions.FirstOrDefault(region => (string?)region["slug"] == wanted || ((string?)region["display_name"])?.Replace(' ', '-').ToLowerInvariant() == wanted)?["slug"]
            ?? throw Errors.Usage($"PlanetScale has no region \"{wanted}\"", detail: null, $"Choose one with --region: {string.Join(", ", regions.Select(region => (string)region["slug"]!))}.");
    }

    async Task<PlanetScaleSize> SizeAsync(ProviderOrder order, string? region, CancellationToken ct)
    {
        var sizes = await PlanetScaleSize.ListAsync(api, region, ct);
        var size = sizes.FirstOrDefault(size => size.Name == order.Size)
            ?? throw Errors.Usage(order.Size is null ? "--size is needed" : $"PlanetScale has no size \"{order.Size}\" for this organization", detail: null, $"One of: {string.Join(", ", sizes.Select(size => size.Name))}.");
        return !size.IsMetal || size.Disk >= (order.Disk ?? 0) ? size
            : throw Errors.Usage(
                $"size {size.Name} has {size.Disk >> 30} GB of disk, and never more: it is on Metal", detail: null,
                $"One with enough: {string.Join(", ", sizes.Where(other => !other.IsMetal || other.Disk >= order.Disk).Select(other => other.Name))}.");
    }
}

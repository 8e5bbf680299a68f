namespace PgBaton.ControlPlane;

/// <summary>Which API carries an order out. Keys come from the environment, or files that it names.</summary>
/// <param name="environment">Variables by name.</param>
/// <param name="http">For all requests.</param>
/// <param name="time">Of signatures, and between two looks.</param>
public sealed class ProviderChanges(Func<string, string?> environment, HttpClient http, TimeProvider time)
{
    /// <summary>Looks, and tells what would be done; null: there is no API here for that, a person has to do it.</summary>
    /// <exception cref="MigrationException">PB0020, PB0901 to PB0904.</exception>
    public Task<ProviderChange?> PlanAsync(ProviderOrder order, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(order);
        return PlanForAsync(order, ct);
    }

    async Task<ProviderChange?> PlanForAsync(ProviderOrder order, CancellationToken ct) => (order.Provider, order.Action) switch
    {
        ("neon", "enable-logical-replication") => await Neon().EnableLogicalReplicationAsync(Must(order.Project, "--project"), ct),
        ("neon", "prepare-target") => await Neon().PrepareTargetAsync(Must(order.Project, "--project"), order.Units.Least, order.Units.Most, ct),
        ("neon", "create-target") => Neon().CreateTarget(new NeonTarget(
            order.Title, NeonRegion(Must(order.Region, "--region")), order.Major, order.Organization, order.Units.Least, order.Units.Most, order.WayBack)),
        // What a target on Amazon needs is the same: to publish, for a way back.
        ("rds", "enable-logical-replication" or "prepare-target") => await Rds(order).PlanAsync(Must(order.Instance, "--instance"), cluster: null, ct),
        ("aurora", "enable-logical-replication" or "prepare-target") => await Rds(order).PlanAsync(
            order.Cluster is null ? Must(order.Instance, "--cluster") : null, order.Cluster, ct),
        ("rds", "create-target") => await new RdsTarget(RdsOf(order), isAurora: false, time).PlanAsync(order, ct),
        ("aurora", "create-target") => await new RdsTarget(RdsOf(order), isAurora: true, time).PlanAsync(order, ct),
        ("planetscale", "enable-logical-replication") => await Branch(order).ConfigureAsync(PlanetScaleBranch.ToPublish, disk: null, order.Slot, ct),
        ("planetscale", "prepare-target") => await Branch(order).ConfigureAsync(
            order.WayBack ? new Dictionary<string, string>(PlanetScaleBranch.ToSubscribe.Concat(PlanetScaleBranch.ToPublish)) : PlanetScaleBranch.ToSubscribe, order.Disk, order.Slot, ct),
        ("planetscale", "create-target") => await new PlanetScaleTarget(PlanetScale(order), time).PlanAsync(order, ct),
        _ => null,
    };

    PlanetScaleBranch Branch(ProviderOrder order) => new(PlanetScale(order), Must(order.Database, "--database"), order.Branch, time);

    PlanetScaleApi PlanetScale(ProviderOrder order)
        => environment("PLANETSCALE_SERVICE_TOKEN_ID") is { Length: > 0 } id && environment("PLANETSCALE_SERVICE_TOKEN") is { Length: > 0 } secret
            ? new(
                http, new Uri(environment("PLANETSCALE_API_URL") is { Length: > 0 } other ? $"{other.TrimEnd('/')}/" : "https://api.planetscale.com/v1/"), $"{id}:{secret}",
                order.Organization ?? (environment("PLANETSCALE_ORG") is { Length: > 0 } named ? named : Must(null, "--organization")))
            : throw Errors.NoApiKey(
                "PlanetScale", "PLANETSCALE_SERVICE_TOKEN_ID and PLANETSCALE_SERVICE_TOKEN are not set.",
                "Make a service token in PlanetScale (Settings > Service tokens) that may create databases and roles and write the database, and export both.");

    NeonApi Neon() => new(
        http, new Uri(environment("NEON_API_URL") is { Length: > 0 } other ? $"{other.TrimEnd('/')}/" : "https://console.neon.tech/api/v2/"),
        environment("NEON_API_KEY") is { Length: > 0 } key ? key
            : throw Errors.NoApiKey("Neon", "NEON_API_KEY is not set.", "Make a key in the Neon Console (Account settings > API keys), and export it as NEON_API_KEY."), time);

    RdsReplication Rds(ProviderOrder order) => new(RdsOf(order), time);

    RdsApi RdsOf(ProviderOrder order)
    {
        var region = order.Region?.Replace("aws-", "", StringComparison.Ordinal) ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? Must(null, "--region");
        var address = environment("AWS_ENDPOINT_URL_RDS") is { Length: > 0 } other ? other
            : $"https://rds.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}/";
        return new(http, new Uri(address), new AwsSignature(AwsCredentials.Find(environment), region, "rds"), time);
    }

    static string NeonRegion(string region)
        => NeonTarget.NearestTo(region) ?? throw Errors.Usage(
            $"Neon has no region near \"{region}\" that pgbaton knows", detail: null, $"Choose one: {string.Join(", ", NeonTarget.Regions)}.");

    static string Must(string? value, string option)
        => value ?? throw Errors.Usage($"{option} is needed", detail: null, "What the connection string does not tell has to be said: see \"pgbaton provider --help\".");
}

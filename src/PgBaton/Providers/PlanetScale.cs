namespace PgBaton.Providers;

sealed class PlanetScale() : Provider("PlanetScale Postgres")
{
    public override bool Shows(ServerSigns signs) => signs.HasSchema("pscale_extensions") || signs.HasRole("pscale_admin");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".psdb.cloud");

    // name.aws-us-east-1.pg.psdb.cloud and their like: the label in front of the zone's.
    public override string? RegionOf(ServerSigns signs)
        => IsHost(signs) && signs.Labels is [_, .., var region, "pg" or "horizon" or "private-pg", "psdb", "cloud"] ? region : null;

    public override string? DirectInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 6432 ? $"{signs.Host}:5432" : null;

    public override (string Host, int Port)? PooledInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 5432 ? (signs.Host, 6432) : null;

    public override ExtensionList Extensions { get; } = ExtensionList.Of("planetscale");

    public override string GrantReplication(string role)
        => "Make a role with replication: pscale role create DATABASE BRANCH NAME --inherited-roles postgres --with-replication";

    public override string Set(string setting, string value, bool restarts)
        => $"PlanetScale: Cluster configuration > Parameters: {setting} = {value}{(restarts ? "; applying it restarts the cluster, node by node" : "")}.";

    public override string CreateTarget(string title, string? region, int major)
        => $"pscale database create {title} --engine postgresql --region {region ?? "REGION"}\npscale role create {title} main NAME --inherited-roles postgres --with-replication";

    public override string PrepareTarget
        => "PlanetScale: Cluster configuration > Parameters: max_worker_processes = 10 or more; Storage: one and a half times the source's size; "
           + "Failover > Logical slot name: the slot of the way back, pgbaton_NAME_back.";

    public override string WhereItsAddressesAre
        => "The API tells: curl -sH \"Authorization: $PLANETSCALE_SERVICE_TOKEN_ID:$PLANETSCALE_SERVICE_TOKEN\" "
           + "https://api.planetscale.com/v1/organizations/ORGANIZATION/databases/DATABASE | jq -r '.region.public_ip_addresses[]'";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => $"pscale database ip-restriction create DATABASE --cidrs {string.Join(',', addresses.Select(address => $"{address}/32"))}";

    public override IReadOnlyList<string> Traps =>
    [
        "A slot must be named under Cluster configuration > Failover > Logical slot name, or a failover loses it silently.",
        "max_worker_processes is 4 at first: raise it to 10 or more on a target that is to subscribe.",
        "Its disk grows slowly: give a target 150 % of the source's size before the copy.",
        "Connect as the default role, not as one whose name begins with pscale_api_: those expire, and own what they made.",
    ];
}

namespace PgBaton.Providers;

sealed class Neon() : Provider("Neon")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("neon_superuser") || signs.HasSetting("neon");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".neon.tech");

    // ep-cool-name-123456[-pooler].[c-2.]us-east-2.aws.neon.tech
    public override string? RegionOf(ServerSigns signs)
        => IsHost(signs) && signs.Labels is [.., var region, var cloud, "neon", "tech"] ? $"{cloud}-{region}" : null;

    public override string? DirectInsteadOf(ServerSigns signs)
        => IsHost(signs) && signs.Labels[0].EndsWith("-pooler", StringComparison.Ordinal)
            ? string.Join('.', [signs.Labels[0][..^"-pooler".Length], .. signs.Labels[1..]]) : null;

    public override (string Host, int Port)? PooledInsteadOf(ServerSigns signs)
        => IsHost(signs) && DirectInsteadOf(signs) is null ? (string.Join('.', [$"{signs.Labels[0]}-pooler", .. signs.Labels[1..]]), signs.Port) : null;

    public override string EnableLogicalReplication
        => "Neon Console: Project settings > Logical Replication > Enable. It restarts every compute of the project for some seconds, and cannot be undone.";

    public override string GrantReplication(string role)
        => $"Make a role in the Neon Console, CLI or API: those may replicate; roles made with SQL, like {role}, may not.";

    public override ExtensionList Extensions { get; } = ExtensionList.Of("neon");

    // neon.com/docs/introduction/regions, as of that day.
    static readonly DateOnly _addressesRead = new(2024, 9, 3);

    public override OutboundAddresses? AddressesIn(string region) => region switch
    {
        "aws-us-east-1" => new(["23.23.0.232", "3.222.32.110", "35.168.244.148", "54.160.39.37", "54.205.208.153", "54.88.155.118"], _addressesRead),
        "aws-us-east-2" => new(["18.217.181.229", "3.129.145.179", "3.139.195.115"], _addressesRead),
        "aws-us-west-2" => new(["44.235.241.217", "52.32.22.241", "52.37.48.254", "54.213.57.47"], _addressesRead),
        "aws-eu-central-1" => new(["18.158.63.175", "3.125.234.79", "3.125.57.42"], _addressesRead),
        "aws-ap-southeast-1" => new(["54.254.50.26", "54.254.92.70", "54.255.161.23"], _addressesRead),
        "aws-ap-southeast-2" => new(["13.237.134.148", "13.55.152.144", "54.153.185.87"], _addressesRead),
        _ => null,
    };

    public override string WhereItsAddressesAre => "neon.com/docs/introduction/regions lists them by region.";

    public override string LetIn(IReadOnlyList<string> addresses, int port) => $"neonctl ip-allow add {string.Join(' ', addresses)} --project-id PROJECT";

    public override IReadOnlyList<string> Traps =>
    [
        "A slot that nobody reads is dropped after some 40 hours; keep \"pgbaton migrate\" running.",
        "A compute with a reader on a slot does not suspend, and is paid for as long.",
        "Nobody may set session_replication_role: foreign keys and triggers are enabled when the target opens.",
        "Restoring or resetting a branch deletes its slots.",
    ];
}

namespace PgBaton.Providers;

sealed class DigitalOcean() : Provider("DigitalOcean")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("doadmin");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".db.ondigitalocean.com");

    public override string? DirectInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 25061 ? $"{signs.Host}:25060" : null;

    public override string CreateTarget(string title, string? region, int major)
        => $"doctl databases create {title} --engine pg --version {major} --region {region ?? "REGION"} --size SIZE";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => string.Join('\n', addresses.Select(address => $"doctl databases firewalls append DATABASE_ID --rule ip_addr:{address}"));

    // It is logical there from the start, and is none of the settings that a user can change.
    public override string EnableLogicalReplication => base.Set("wal_level", "logical", restarts: true);

    public override string Set(string setting, string value, bool restarts)
        => $"doctl databases configuration update DATABASE_ID --engine pg --config-json '{{\"{setting}\": \"{value}\"}}'{(restarts ? "  # the cluster is restarted" : "")}";

    public override IReadOnlyList<string> Traps =>
    [
        "This machine's address must be among the cluster's trusted sources.",
        "The physical slot pghoard_local is the platform's.",
    ];
}

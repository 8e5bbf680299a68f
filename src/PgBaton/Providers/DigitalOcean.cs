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

    public override IReadOnlyList<string> Traps =>
    [
        "This machine's address must be among the cluster's trusted sources.",
        "The physical slot pghoard_local is the platform's.",
    ];
}

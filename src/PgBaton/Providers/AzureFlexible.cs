namespace PgBaton.Providers;

sealed class AzureFlexible() : Provider("Azure Database for PostgreSQL")
{
    public override bool Shows(ServerSigns signs) => signs.HasSetting("azure") || signs.HasRole("azure_pg_admin");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".postgres.database.azure.com");

    public override string? DirectInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 6432 ? $"{signs.Host}:5432" : null;

    public override string Set(string setting, string value, bool restarts)
        => setting == "max_slot_wal_keep_size" ? "it cannot be set at Azure, and is -1 (no limit) by default: ask its support"
            : $"az postgres flexible-server parameter set --resource-group GROUP --server-name SERVER --name {setting} --value {value}"
           + (restarts ? "  # then az postgres flexible-server restart --resource-group GROUP --name SERVER" : "");

    public override string CreateTarget(string title, string? region, int major)
        => $"az postgres flexible-server create --resource-group GROUP --name {title} --version {major} --location {region ?? "LOCATION"} --storage-size GIGABYTES";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => string.Join('\n', addresses.Select((address, i) =>
            $"az postgres flexible-server firewall-rule create --resource-group GROUP --name SERVER --rule-name pgbaton-{i + 1} --start-ip-address {address} --end-ip-address {address}"));

    public override IReadOnlyList<string> Traps =>
    [
        "max_slot_wal_keep_size cannot be set, and sets no limit: a slot that is not read fills the disk, at the end of which the server is read-only.",
        "Extensions must be allowed by name in the server parameter azure.extensions.",
        "Before PostgreSQL 17, a failover of a highly available server loses the slots.",
    ];
}

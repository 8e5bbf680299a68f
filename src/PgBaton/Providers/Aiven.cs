namespace PgBaton.Providers;

sealed class Aiven() : Provider("Aiven")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("avnadmin") || signs.HasSetting("aiven");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".aivencloud.com");

    public override string CreateTarget(string title, string? region, int major)
        => $"avn service create {title} --service-type pg --plan PLAN --cloud {region ?? "CLOUD"} -c pg_version={major}";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => $"avn service update SERVICE -c ip_filter={string.Join(',', addresses.Select(address => $"{address}/32"))}  # name those that are there too, the list is replaced";

    // It is logical there from the start, and is none of the settings that a user can change.
    public override string EnableLogicalReplication => base.Set("wal_level", "logical", restarts: true);

    public override string Set(string setting, string value, bool restarts)
        => $"avn service update SERVICE -c pg.{setting}={value}{(restarts ? "  # the service is restarted" : "")}";

    public override IReadOnlyList<string> Traps =>
    [
        "The physical slot pghoard_local is the platform's.",
        "Certificates are the project's own: download the CA and give it with sslrootcert.",
    ];
}

namespace PgBaton.Providers;

sealed class CloudSql() : Provider("Cloud SQL")
{
    public override bool Shows(ServerSigns signs) => signs.HasSetting("cloudsql") || signs.HasRole("cloudsqlsuperuser");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".sql.goog") || signs.Host.StartsWith("/cloudsql/", StringComparison.Ordinal);

    // /cloudsql/project:region:instance
    public override string? RegionOf(ServerSigns signs)
        => signs.Host.StartsWith("/cloudsql/", StringComparison.Ordinal) && signs.Host["/cloudsql/".Length..].Split(':') is [_, var region, _]
            ? $"gcp-{region}" : null;

    public override string EnableLogicalReplication => Set("cloudsql.logical_decoding", "on", restarts: true);

    public override string Set(string setting, string value, bool restarts)
        => $"gcloud sql instances patch INSTANCE --database-flags={setting}={value}  # name every other flag too, the list is replaced"
           + (restarts ? "; the instance is restarted, about a minute" : "");

    public override string CreateTarget(string title, string? region, int major)
        => $"gcloud sql instances create {title} --database-version=POSTGRES_{major} --tier=TIER --region={region ?? "REGION"} --database-flags=cloudsql.logical_decoding=on";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => $"gcloud sql instances patch INSTANCE --authorized-networks={string.Join(',', addresses.Select(address => $"{address}/32"))}  # name those that are there too, the list is replaced";

    public override IReadOnlyList<string> Traps =>
    [
        "--database-flags replaces the whole list: a flag that is not named again is reset.",
        "The application's address must be among the authorised networks, or go through the Auth Proxy.",
    ];
}

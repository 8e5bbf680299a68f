namespace PgBaton.Providers;

sealed class AlloyDb() : Provider("AlloyDB")
{
    public override bool Shows(ServerSigns signs) => signs.HasSetting("alloydb") || signs.HasRole("alloydbsuperuser");

    public override string EnableLogicalReplication => Set("alloydb.logical_decoding", "on", restarts: true);

    public override string Set(string setting, string value, bool restarts)
        => $"gcloud alloydb instances update INSTANCE --cluster=CLUSTER --region=REGION --database-flags={setting}={value}"
           + $"  # name every other flag too{(restarts ? "; the instance is restarted" : "")}";

    public override IReadOnlyList<string> PlatformSchemas => ["ai", "google_ml", "helpobj", "perfsnap", "pgsnap"];

    public override string CreateTarget(string title, string? region, int major)
        => $"gcloud alloydb clusters create {title} --region={region ?? "REGION"} --database-version=POSTGRES_{major} --password=PASSWORD\n"
           + $"gcloud alloydb instances create {title}-primary --cluster={title} --region={region ?? "REGION"} --instance-type=PRIMARY --cpu-count=CPUS";
}

namespace PgBaton.Providers;

sealed class Timescale() : Provider("Timescale")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("tsdbadmin");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".tsdb.cloud.timescale.com");

    public override string CreateTarget(string title, string? region, int major)
        => $"tiger service create --name {title} --region {region ?? "REGION"}  # PostgreSQL {major}, if it is the version that new services get";

    public override IReadOnlyList<string> Traps => ["Hypertables keep their rows in chunks that the extension makes: logical replication does not carry them as they are."];
}

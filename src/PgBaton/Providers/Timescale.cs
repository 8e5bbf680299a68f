namespace PgBaton.Providers;

sealed class Timescale() : Provider("Timescale")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("tsdbadmin");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".tsdb.cloud.timescale.com");

    public override IReadOnlyList<string> Traps => ["Hypertables keep their rows in chunks that the extension makes: logical replication does not carry them as they are."];
}

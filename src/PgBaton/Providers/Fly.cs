namespace PgBaton.Providers;

sealed class Fly() : Provider("Fly.io")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("fly-user");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".flympg.net") || signs.HostEnds(".flycast");

    public override string? DirectInsteadOf(ServerSigns signs)
        => signs.Labels is ["pgbouncer", .. var rest] && IsHost(signs) ? $"direct.{string.Join('.', rest)}" : null;

    public override string CreateTarget(string title, string? region, int major)
        => $"fly mpg create --name {title} --region {region ?? "REGION"} --plan PLAN --pg-major-version {major} --volume-size GIGABYTES";

    public override IReadOnlyList<string> Traps => ["Reached through WireGuard only (fly mpg proxy); connections longer than ten minutes end when the proxy is restarted."];
}

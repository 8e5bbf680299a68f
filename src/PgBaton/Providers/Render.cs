namespace PgBaton.Providers;

sealed class Render() : Provider("Render")
{
    public override bool IsHost(ServerSigns signs)
        => signs.HostEnds("-postgres.render.com") || (signs.Labels.Length == 1 && signs.Host.StartsWith("dpg-", StringComparison.OrdinalIgnoreCase));

    // dpg-xyz-a.oregon-postgres.render.com
    public override string? RegionOf(ServerSigns signs)
        => signs.Labels is [_, var label, "render", "com"] && label.EndsWith("-postgres", StringComparison.Ordinal) ? label[..^"-postgres".Length] : null;

    public override string EnableLogicalReplication => "Ask Render's support to enable logical replication for this database.";

    public override string GrantReplication(string role) => $"Ask Render's support to let role {role} replicate.";
}

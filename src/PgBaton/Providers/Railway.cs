namespace PgBaton.Providers;

sealed class Railway() : Provider("Railway")
{
    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".proxy.rlwy.net") || signs.HostEnds(".railway.internal");

    public override string Set(string setting, string value, bool restarts)
        => restarts
            ? $"ALTER SYSTEM SET {setting} = '{value}';  -- then restart the service in Railway"
            : Home.SelfHosted.Set(setting, value, restarts);

    public override string CreateTarget(string title, string? region, int major) => $"railway init --name {title}\nrailway add --database postgres  # then choose the image of PostgreSQL {major}";
}

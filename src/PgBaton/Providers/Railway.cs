namespace PgBaton.Providers;

sealed class Railway() : Provider("Railway")
{
    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".proxy.rlwy.net") || signs.HostEnds(".railway.internal");

    public override string Set(string setting, string value, bool restarts)
        => restarts
            ? $"ALTER SYSTEM SET {setting} = '{value}';  -- then restart the service in Railway"
            : Home.SelfHosted.Set(setting, value, restarts);
}

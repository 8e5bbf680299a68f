namespace PgBaton.Providers;

sealed class CrunchyBridge() : Provider("Crunchy Bridge")
{
    public override bool Shows(ServerSigns signs) => signs.HasRole("crunchy_superuser");

    public override bool IsHost(ServerSigns signs) => signs.HostEnds(".postgresbridge.com");

    public override string? DirectInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 5431 ? $"{signs.Host}:5432" : null;

    public override (string Host, int Port)? PooledInsteadOf(ServerSigns signs) => IsHost(signs) && signs.Port == 5432 ? (signs.Host, 5431) : null;

    public override string Set(string setting, string value, bool restarts) => Home.SelfHosted.Set(setting, value, restarts);
}

namespace PgBaton.Providers;

sealed class SelfHosted() : Provider("self-hosted")
{
    public override string Set(string setting, string value, bool restarts)
        => restarts
            ? $"ALTER SYSTEM SET {setting} = '{value}';  -- then restart the server"
            : $"ALTER SYSTEM SET {setting} = '{value}'; SELECT pg_reload_conf();";
}

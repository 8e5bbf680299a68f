namespace PgBaton.Providers;

sealed class SelfHosted() : Provider("self-hosted")
{
    public override string Set(string setting, string value, bool restarts)
        => restarts
            ? $"ALTER SYSTEM SET {setting} = '{value}';  -- then restart the server"
            : $"ALTER SYSTEM SET {setting} = '{value}'; SELECT pg_reload_conf();";

    public override string WhereItsAddressesAre => "The address from which the target's machine reaches the internet: curl -4 ifconfig.co, there.";

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => string.Join('\n', addresses.SelectMany(address => (string[])[
            $"sudo ufw allow proto tcp from {address} to any port {port}", $"hostssl DATABASE ROLE {address}/32 scram-sha-256  # a line of pg_hba.conf; then SELECT pg_reload_conf()"]));

    public override string CreateTarget(string title, string? region, int major)
        => $"createdb --host HOST --username ROLE --template template0 --encoding UTF8 {title}  # on a server of PostgreSQL {major}";
}

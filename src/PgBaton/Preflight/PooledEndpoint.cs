using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>
/// A pooler in front of a server loses session settings, snapshots and advisory locks between transactions, and has no replication protocol.
/// One that refuses our settings outright never gets here: that is PB0112.
/// </summary>
sealed class PooledEndpoint() : Check(
    "PB1003", "connection", "Do both connection strings lead to the server itself, not to a pooler?", "no pooler stands between", needs: Needs.None)
{
    static readonly int[] _poolerPorts = [6432, 6543, 25061];
    static readonly string[] _poolerHosts = ["-pooler.", ".pooler.", ".proxy-", "pgbouncer."];

    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var server in servers.All)
        {
            if (await LookAtAsync(server, ct) is { } finding)
                findings.Add(finding);
        }

        return findings;
    }

    async Task<Finding?> LookAtAsync(CheckedServer server, CancellationToken ct)
    {
        var direct = server.Provider.DirectInsteadOf(server.Signs);
        var fix = direct is null
            ? "Use the direct endpoint: without \"-pooler\" in the host name, or port 5432 instead of 6432 or 6543."
            : $"Use the direct endpoint: {direct}";
        var others = await SessionSettings.FindOthersAsync(server.Connection, ct);
        if (others.Count > 0)
            return SettingsOf(server, others, fix);

        var pid = await server.Connection.QueryValueAsync<int>("SELECT pg_catalog.pg_backend_pid()", ct);
        if (pid != server.Facts.BackendPid)
            return Blocker(
                $"the {server.Side} {server.Server.Address} is a pooled endpoint: two statements of one connection were run by two sessions",
                "Snapshots, advisory locks and settings of a session are lost between transactions.", fix, server.Server.Address);

        var host = server.Server.Host;
        return direct is not null || _poolerPorts.Contains(server.Server.Port) || _poolerHosts.Any(part => host.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? Warning(
                $"the {server.Side} {server.Server.Address} looks like a pooled endpoint",
                "Its host or port is one that poolers have, though it behaves like a server so far.", fix, server.Server.Address)
            : null;
    }

    Finding SettingsOf(CheckedServer server, IReadOnlyList<(string Name, bool IsSetAtLogin)> others, string fix)
    {
        var names = Listing.Of([.. others.Select(setting => setting.Name)]);
        return others.All(setting => setting.IsSetAtLogin)
            ? Blocker(
                $"something sets our sessions' settings at login on the {server.Side} {server.Server.Address}: {names}",
                "An event trigger ON login, most likely. Values would be printed, compared or cut off otherwise than we ask for.",
                "Have it leave our role alone, or hold it back until \"pgbaton finish\" is done: ALTER EVENT TRIGGER … DISABLE;", server.Server.Address)
            : Blocker(
                $"the settings of our session did not reach the {server.Side} {server.Server.Address}: {names}",
                "Something between drops them, as a connection pooler does that is told to ignore startup options.", fix, server.Server.Address);
    }
}

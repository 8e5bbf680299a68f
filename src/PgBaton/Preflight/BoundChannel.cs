using Npgsql;

namespace PgBaton.Preflight;

/// <summary>
/// By doing it: channel binding proves that whoever checks the password is who ends the encryption. Asked where nothing else proves it, and for the sake
/// of connection strings that demand it: a provider's often do, and a server that subscribes takes them as they are.
/// </summary>
sealed class BoundChannel() : Check(
    "PB1007", "network", "Is the password bound to the encrypted channel?", "the password is bound to the encrypted channel, or there is none to bind", Needs.None)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var server in servers.All.Where(server => !server.IsThisMachine && server.Facts.IsEncrypted))
        {
            var settings = server.Server.Settings;
            // With require, every session of ours has proved it already.
            if (string.IsNullOrEmpty(settings.Password) || settings.ChannelBinding == ChannelBinding.Require || await server.Server.BindsChannelAsync(ct))
                continue;
            findings.Add(Notice(
                $"the connection to the {server.Side} {server.Server.Address} cannot be bound to its channel",
                "The server does not check the password by SCRAM, or something between ends the encryption: a proxy or pooler. A connection string with channel_binding=require would be refused.",
                "Leave channel_binding=require out for this server, and give sslmode=verify-full. A password stored as MD5 becomes SCRAM when it is set again under password_encryption = 'scram-sha-256'.",
                server.Server.Address));
        }

        return findings;
    }
}

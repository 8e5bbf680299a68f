using System.Net;
using System.Net.Sockets;
using PgBaton.Postgres;

namespace PgBaton.Preflight;

/// <summary>A server with an IPv6 address only is reached from here, but hardly from everywhere.</summary>
sealed class AddressFamilies() : Check(
    "PB1006", "network", "Have the servers an IPv4 address?", "the servers have an IPv4 address", Needs.None)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var server in servers.All)
        {
            if (await IsOnlyIpv6Async(server.Server.Host, ct))
                findings.Add(Judge(server, servers.Options.Via == Via.Subscription));
        }

        return findings;
    }

    Finding Judge(CheckedServer server, bool mustBeReached)
    {
        var message = $"the {server.Side} {server.Server.Address} has an IPv6 address only";
        var other = server.Server.Side == Side.Source ? "target" : "source";
        var detail = $"It answers this machine. Others, {(mustBeReached ? $"the {other}'s server for the subscription, " : "")}the application's for one, may have no IPv6.";
        const string fix = "Try from where it matters, or have the provider give it an IPv4 address (Supabase: the IPv4 add-on).";
        return mustBeReached ? Warning(message, detail, fix, server.Server.Address) : Notice(message, detail, fix, server.Server.Address);
    }

    static async Task<bool> IsOnlyIpv6Async(string host, CancellationToken ct)
    {
        if (host.StartsWith('/') || host.StartsWith('@'))
            return false;
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
            return addresses.Length > 0 && addresses.All(address => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false });
        }
        catch (SocketException)
        {
            return false; // It was reached, so the name leads somewhere; by whom it is told does not matter here.
        }
    }
}

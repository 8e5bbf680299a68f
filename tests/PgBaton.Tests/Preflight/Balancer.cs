using System.Net;
using System.Net.Sockets;

namespace PgBaton.Tests.Preflight;

/// <summary>One address for several real servers: each connection goes to the next of them.</summary>
sealed class Balancer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Uri[] _servers;
    readonly Task _accepting;

    public Balancer(params string[] servers)
    {
        _servers = [.. servers.Select(server => new Uri(server))];
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Uri => new UriBuilder(_servers[0]) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Query = "sslmode=disable" }.Uri.ToString();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        try
        {
            for (var next = 0; ; next = (next + 1) % _servers.Length)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(), _servers[next]);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    static async Task PassAsync(TcpClient client, Uri server)
    {
        using var from = client;
        using var to = new TcpClient();
        await to.ConnectAsync(server.Host, server.Port);
        await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
    }
}

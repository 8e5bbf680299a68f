using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PgBaton.Tests.Preflight;

/// <summary>Stands before a real server like a pooler that ignores startup options: takes them out of the startup message, and passes on the rest.</summary>
sealed class ForgetfulPooler : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Uri _server;
    readonly Task _accepting;

    public ForgetfulPooler(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Uri => new UriBuilder(_server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Query = "sslmode=disable" }.Uri.ToString();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient();
        await to.ConnectAsync(_server.Host, _server.Port);
        var startup = await ReadStartupAsync(from.GetStream());
        await to.GetStream().WriteAsync(WithoutOptions(startup));
        await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
    }

    static async Task<byte[]> ReadStartupAsync(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    static byte[] WithoutOptions(byte[] body)
    {
        var words = Encoding.UTF8.GetString(body.AsSpan(4)).Split('\0');
        var kept = new StringBuilder();
        for (var i = 0; i + 1 < words.Length && words[i].Length > 0; i += 2)
            kept.Append(words[i] == "options" ? "" : $"{words[i]}\0{words[i + 1]}\0");
        byte[] message = [0, 0, 0, 0, .. body.AsSpan(0, 4), .. Encoding.UTF8.GetBytes(kept.Append('\0').ToString())];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        return message;
    }
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PgBaton.Tests.Preflight;

/// <summary>
/// Stands before a real server like a pooler that ignores startup options: takes them out of the startup message, and passes on the rest. The server's session
/// outlives the client, as it is, for whoever would be given it next.
/// </summary>
sealed class ForgetfulPooler : IAsyncDisposable
{
    const byte Query = (byte)'Q', Ready = (byte)'Z', Row = (byte)'D', Terminate = (byte)'X';

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Uri _server;
    readonly ConcurrentBag<(TcpClient Session, Task Client)> _sessions = [];
    readonly Task _accepting;

    public ForgetfulPooler(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Uri => new UriBuilder(_server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Query = "sslmode=disable" }.Uri.ToString();

    /// <summary>Of each session that a client has left, the first column of what the query gives. Only once.</summary>
    public async Task<IReadOnlyList<string>> AskLeftSessionsAsync(string query)
    {
        var rows = new List<string>();
        foreach (var (session, client) in _sessions)
        {
            await client;
            try
            {
                rows.AddRange(await AskAsync(session.GetStream(), query));
            }
            catch (IOException)
            {
                // The server has refused that one.
            }
        }

        return rows;
    }

    static async Task<IReadOnlyList<string>> AskAsync(NetworkStream stream, string query)
    {
        var rows = new List<string>();
        await stream.WriteAsync(Framed(Query, Encoding.UTF8.GetBytes($"{query}\0")));
        while (await ReadAsync(stream) is var (kind, body) && kind != Ready)
        {
            if (kind == Row)
                rows.Add(Encoding.UTF8.GetString(body.AsSpan(6))); // Behind the number of columns and the length of the first.
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var (session, client) in _sessions)
        {
            await client;
            session.Dispose();
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var (client, session) = (await _listener.AcceptTcpClientAsync(), new TcpClient());
                _sessions.Add((session, PassAsync(client, session)));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task PassAsync(TcpClient client, TcpClient session)
    {
        using (client)
        {
            await session.ConnectAsync(_server.Host, _server.Port);
            var (from, to) = (client.GetStream(), session.GetStream());
            await to.WriteAsync(WithoutOptions(await ReadStartupAsync(from)));
            using var left = new CancellationTokenSource();
            var answers = AnswerAsync(to, from, left.Token);
            await AskAsync(from, to);
            await left.CancelAsync();
            await answers;
        }
    }

    // Until the client goes; its word of parting stays here.
    static async Task AskAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            while (await ReadAsync(from) is var (kind, body) && kind != Terminate)
                await to.WriteAsync(Framed(kind, body));
        }
        catch (IOException)
        {
        }
    }

    static async Task AnswerAsync(NetworkStream from, NetworkStream to, CancellationToken left)
    {
        try
        {
            await from.CopyToAsync(to, left);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
        }
    }

    static async Task<(byte Kind, byte[] Body)> ReadAsync(NetworkStream stream)
    {
        var head = new byte[5];
        await stream.ReadExactlyAsync(head);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await stream.ReadExactlyAsync(body);
        return (head[0], body);
    }

    static byte[] Framed(byte kind, byte[] body)
    {
        byte[] message = [kind, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        return message;
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

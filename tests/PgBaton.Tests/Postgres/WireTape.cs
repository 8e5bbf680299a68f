using System.Net;
using System.Net.Sockets;

namespace PgBaton.Tests.Postgres;

/// <summary>Stands before a server. It keeps what the server says; or it plays what it is given to whoever connects, and hangs up.</summary>
sealed class WireTape : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly EndPoint _server;
    readonly CancellationTokenSource _stop = new();
    readonly Task _accepting;
    MemoryStream _recorded = new();

    public WireTape(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Null: the server is asked.</summary>
    public byte[]? Playing { get; set; }

    /// <summary>Of the newest connection that was passed on, whole messages only.</summary>
    public List<byte[]> Recorded()
    {
        var bytes = _recorded.ToArray();
        var messages = new List<byte[]>();
        for (var at = 0; at + 5 <= bytes.Length;)
        {
            var end = at + 1 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            if (end > bytes.Length)
                break;
            messages.Add(bytes[at..end]);
            at = end;
        }

        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                links.Add(Playing is { } tape ? PlayAsync(client, tape) : PassOnAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(links);
        }
    }

    async Task PlayAsync(Socket client, byte[] tape)
    {
        using (client)
        {
            try
            {
                await client.ReceiveAsync(new byte[4096], _stop.Token); // The startup message.
                await client.SendAsync(tape, _stop.Token);
                client.Shutdown(SocketShutdown.Send);
                while (await client.ReceiveAsync(new byte[4096], _stop.Token) > 0)
                {
                }
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
            }
        }
    }

    async Task PassOnAsync(Socket client)
    {
        using var server = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(_server);
            var recorded = _recorded = new MemoryStream();
            await Task.WhenAll(PumpAsync(client, server, null), PumpAsync(server, client, recorded));
        }
    }

    async Task PumpAsync(Socket from, Socket to, MemoryStream? recorded)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var length)
            {
                recorded?.Write(buffer, 0, length);
                await to.SendAsync(buffer.AsMemory(0, length), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            to.Dispose();
        }
    }
}

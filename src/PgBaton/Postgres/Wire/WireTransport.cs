using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>Bytes to and from a server: TCP or a Unix socket, encrypted where that was agreed on.</summary>
sealed class WireTransport : IAsyncDisposable
{
    readonly Socket _socket;

    WireTransport(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    public Stream Stream { get; }

    public bool IsEncrypted => Stream is SslStream;

    /// <summary>What the server has shown; null where nothing is encrypted.</summary>
    public X509Certificate2? ServerCertificate => (Stream as SslStream)?.RemoteCertificate as X509Certificate2;

    /// <summary>Something has arrived, encrypted perhaps, that was not read yet.</summary>
    public bool HasArrived => _socket.Available > 0;

    /// <param name="settings">Where to, and whose certificates are trusted.</param>
    /// <param name="mode">Stands for that of the settings: who tries both ways tries each with its own.</param>
    /// <param name="receiveBuffer">Bytes that the system takes ahead of us; 0: as it likes.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task<WireTransport> OpenAsync(NpgsqlConnectionStringBuilder settings, SslMode mode, int receiveBuffer, CancellationToken ct)
    {
        var socket = await ConnectAsync(settings, receiveBuffer, ct);
        var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            return new WireTransport(socket, await IsEncryptionAgreedAsync(stream, settings, mode, ct) ? await WireTls.SecureAsync(stream, settings, mode, ct) : stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Whoever waits for what arrives goes on in the thread that sees it arrive, instead of being handed to another: a third of a relay's CPU is that
    /// handing over. Only for one who does not keep that thread, which all sockets of this process share; and only where the runtime has it.
    /// </summary>
    public void ContinueInPlace()
    {
        if (!OperatingSystem.IsWindows() && HasInlineCompletions)
            PreferInlineCompletions(_socket, true);
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    // An internal of the runtime's: it is asked for, and done without where it is not there.
    internal static bool HasInlineCompletions { get; } =
        typeof(Socket).GetProperty("PreferInlineCompletions", BindingFlags.Instance | BindingFlags.NonPublic) is { CanWrite: true };

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    static extern void PreferInlineCompletions(Socket socket, bool value);

    static async Task<bool> IsEncryptionAgreedAsync(NetworkStream stream, NpgsqlConnectionStringBuilder settings, SslMode mode, CancellationToken ct)
    {
        if (mode is SslMode.Disable or SslMode.Allow)
            return false;
        if (settings.SslNegotiation == SslNegotiation.Direct)
            return true;
        await stream.WriteAsync(Outgoing.SslRequest, ct);
        var answer = new byte[1]; // No more: whatever follows belongs to the handshake, or else that fails.
        await stream.ReadExactlyAsync(answer, ct);
        return (char)answer[0] switch
        {
            'S' => true,
            'N' when mode == SslMode.Prefer => false,
            'N' => throw new NpgsqlException("SSL was asked for, and the server does not offer it"),
            var other => throw new NpgsqlException($"the server answered the request for SSL with '{other}'"),
        };
    }

    // Every address that the name stands for, in turn.
    static async Task<Socket> ConnectAsync(NpgsqlConnectionStringBuilder settings, int receiveBuffer, CancellationToken ct)
    {
        var places = await PlacesAsync(settings.Host!, settings.Port, ct);
        for (var i = 0; ; i++)
        {
            // Each gets its share of the time, so that a first one that is silent does not use it up.
            using var share = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (settings.Timeout > 0 && places.Length > 1)
                share.CancelAfter(TimeSpan.FromSeconds((double)settings.Timeout / places.Length));
            var socket = Prepared(places[i], settings, receiveBuffer);
            try
            {
                await socket.ConnectAsync(places[i], share.Token);
                return socket;
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                if (ct.IsCancellationRequested)
                    throw;
                if (i == places.Length - 1)
                    throw new NpgsqlException($"cannot connect to {places[i]}", failure is SocketException ? failure : new TimeoutException());
            }
        }
    }

    static async Task<EndPoint[]> PlacesAsync(string host, int port, CancellationToken ct)
    {
        var file = $".s.PGSQL.{port}";
        return host[0] switch
        {
            '/' => [new UnixDomainSocketEndPoint(Path.Combine(host, file))],
            '@' => [new UnixDomainSocketEndPoint(Path.Combine($"\0{host[1..]}", file))], // Linux's abstract ones.
            _ => [.. (await Dns.GetHostAddressesAsync(host, ct)).Select(address => new IPEndPoint(address, port))],
        };
    }

    static Socket Prepared(EndPoint place, NpgsqlConnectionStringBuilder settings, int receiveBuffer)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        if (place is not IPEndPoint)
            return socket;
        socket.NoDelay = true;
        if (settings.TcpKeepAlive)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (settings.TcpKeepAliveTime > 0)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, settings.TcpKeepAliveTime);
            socket.SetSocketOption(
                SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval,
                settings.TcpKeepAliveInterval > 0 ? settings.TcpKeepAliveInterval : settings.TcpKeepAliveTime);
        }

        return socket;
    }
}

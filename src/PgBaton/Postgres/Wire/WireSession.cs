using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>
/// A session that carries one of the two streams, of changes or of rows, and no more than that needs: everything else is the driver's. One reads
/// and one writes at the same time, not more.
/// </summary>
sealed class WireSession : IAsyncDisposable
{
    readonly NpgsqlConnectionStringBuilder _settings;
    readonly WireTransport _transport;
    byte[] _backend = [];

    WireSession(NpgsqlConnectionStringBuilder settings, WireTransport transport)
        => (_settings, _transport, Reader) = (settings, transport, new WireReader(transport.Stream));

    public WireReader Reader { get; }

    /// <inheritdoc cref="WireTransport.ServerCertificate"/>
    public X509Certificate2? ServerCertificate => _transport.ServerCertificate;

    /// <inheritdoc cref="WireTransport.HasArrived"/>
    public bool HasArrived => _transport.HasArrived;

    /// <param name="settings">The driver's, whose meaning is kept: time limit, encryption, password, options.</param>
    /// <param name="isReplication"><inheritdoc cref="Outgoing.Startup" path="/param[@name='isReplication']"/></param>
    /// <param name="receiveBuffer"><inheritdoc cref="WireTransport.OpenAsync" path="/param[@name='receiveBuffer']"/></param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="NpgsqlException">Of the same kinds as the driver's.</exception>
    /// <exception cref="NotSupportedException">The server wants, or the settings want, Kerberos.</exception>
    public static async Task<WireSession> OpenAsync(NpgsqlConnectionStringBuilder settings, bool isReplication, int receiveBuffer, CancellationToken ct)
    {
        if (settings.GssEncryptionMode != GssEncryptionMode.Disable)
            throw new NotSupportedException("GSS encryption is asked for");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (settings.Timeout > 0)
            limit.CancelAfter(TimeSpan.FromSeconds(settings.Timeout));
        try
        {
            // As in libpq: one way, and if that fails for whatever reason, the other.
            return settings.SslMode switch
            {
                SslMode.Prefer => await OpenAsync(SslMode.Prefer) ?? (await OpenAsync(SslMode.Disable))!,
                SslMode.Allow => await OpenAsync(SslMode.Allow) ?? (await OpenAsync(SslMode.Require))!,
                var only => (await OpenAsync(only))!,
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new NpgsqlException($"no answer within {settings.Timeout} s", new TimeoutException());
        }
        catch (InvalidDataException failure)
        {
            throw new NpgsqlException($"what {settings.Host} answers is not PostgreSQL's protocol: {failure.Message}", failure);
        }

        Task<WireSession?> OpenAsync(SslMode mode) => WireSession.OpenAsync(settings, mode, isReplication, receiveBuffer, limit.Token);
    }

    public ValueTask SendAsync(byte[] message, CancellationToken ct) => _transport.Stream.WriteAsync(message, ct);

    /// <summary>The next message that answers something: what a server says unasked (notices, changed settings) is passed over.</summary>
    /// <param name="kind">Which it has to be.</param>
    /// <param name="take">Takes out of it what is wanted; the message itself does not last.</param>
    /// <param name="ct">Breaks it off: the session is of no use then.</param>
    /// <exception cref="PostgresException">It is an error.</exception>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public async ValueTask<T> NextAsync<T>(char kind, Func<WireMessage, T> take, CancellationToken ct)
    {
        while (true)
        {
            while (Reader.TryRead(out var message))
            {
                if (message.Kind == kind)
                    return take(message);
                if (message.Kind == 'E')
                    throw WireError.Read(message);
                if (message.Kind == 'K')
                    _backend = message.Body.ToArray();
                else if (message.Kind is not ('N' or 'S' or 'A' or 'v'))
                    throw new InvalidDataException($"the server answered with '{message.Kind}' where '{kind}' is expected");
            }

            await Reader.FillAsync(ct);
        }
    }

    /// <summary>Asks the server, over a connection of its own, to break off what this session does. Whether it will is not said.</summary>
    public async Task CancelAsync(CancellationToken ct)
    {
        var mode = !_transport.IsEncrypted ? SslMode.Disable : _settings.SslMode < SslMode.Require ? SslMode.Require : _settings.SslMode;
        await using var other = await WireTransport.OpenAsync(_settings, mode, receiveBuffer: 0, ct);
        await other.Stream.WriteAsync(Outgoing.CancelRequest(_backend), ct);
        _ = await other.Stream.ReadAsync(new byte[1], ct); // The server closes it once it has passed the request on.
    }

    /// <summary>Whatever the server is doing: one that still sends notices that nobody is there any more.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await SendAsync(Outgoing.Terminate, patience.Token); // Else its log would tell of a client that was lost.
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException or NotSupportedException)
        {
            // It is lost, or a message was broken off in its middle.
        }

        await _transport.DisposeAsync();
    }

    // Null: not in this way, perhaps in the other.
    static async Task<WireSession?> OpenAsync(NpgsqlConnectionStringBuilder settings, SslMode mode, bool isReplication, int receiveBuffer, CancellationToken ct)
    {
        var transport = await WireTransport.OpenAsync(settings, mode, receiveBuffer, ct);
        var session = new WireSession(settings, transport);
        try
        {
            await session.SendAsync(Outgoing.Startup(settings, isReplication), ct);
            await new WireAuthentication(session, settings).RunAsync(ct);
            await session.NextAsync('Z', _ => true, ct);
            if (isReplication)
                transport.ContinueInPlace();
            return session;
        }
        catch (Exception failure)
        {
            await session.DisposeAsync();
            if (failure is not OperationCanceledException && mode == (transport.IsEncrypted ? SslMode.Prefer : SslMode.Allow))
                return null;
            throw;
        }
    }
}

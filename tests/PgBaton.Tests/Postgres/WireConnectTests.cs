using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Npgsql.Replication;
using PgBaton.Postgres;
using PgBaton.Postgres.Wire;

namespace PgBaton.Tests.Postgres;

/// <summary>A connection string that connects with the driver connects with our own wire, and one that does not fails with the same error.</summary>
public sealed class WireConnectTests(WireServers servers) : IClassFixture<WireServers>
{
    const string Ok = "connected";

    [Theory]
    [InlineData("port=$plain user=trusted", Ok)]
    [InlineData("port=$tls user=trusted", Ok)]
    [InlineData("port=$plain user=by_scram password=right", Ok)]
    [InlineData("port=$tls user=by_scram password=right", Ok)]
    [InlineData("port=$tls user=by_scram password=wrong", "PB0104")]
    [InlineData("port=$plain user=by_scram password=wrong", "PB0104")]
    [InlineData("port=$plain user=by_scram passfile=/nowhere", "PB0104")]
    [InlineData("port=$tls user=by_md5 password=right", Ok)]
    [InlineData("port=$tls user=by_md5 password=wrong", "PB0104")]
    [InlineData("port=$plain user=by_md5 passfile=/nowhere", "PB0104")]
    [InlineData("port=$tls user=by_password password=right", Ok)]
    [InlineData("port=$plain user=by_password password=wrong", "PB0104")]
    [InlineData("port=$plain user=by_password passfile=/nowhere", "PB0104")]
    [InlineData("port=$plain user=nobody", "PB0106")]
    [InlineData("port=$plain user=trusted dbname=nowhere", "PB0105")]
    [InlineData("port=$tls user=trusted dbname=nowhere", "PB0105")]
    public Task a_role_is_let_in_or_not(string text, string expected) => SameAsync(text, expected);

    [Theory]
    [InlineData("port=$tls user=trusted sslmode=disable", Ok)]
    [InlineData("port=$tls user=trusted sslmode=allow", Ok)]
    [InlineData("port=$tls user=trusted sslmode=prefer", Ok)]
    [InlineData("port=$tls user=trusted sslmode=require", Ok)]
    [InlineData("port=$plain user=trusted sslmode=allow", Ok)]
    [InlineData("port=$plain user=trusted sslmode=prefer", Ok)]
    [InlineData("port=$plain user=trusted sslmode=require", "PB0107")]
    [InlineData("port=$plain user=trusted sslmode=verify-full sslrootcert=$right.pem", "PB0107")]
    [InlineData("port=$tls user=only_ssl password=right sslmode=disable", "PB0106")]
    [InlineData("port=$tls user=only_ssl password=right sslmode=allow", Ok)]
    [InlineData("port=$tls user=only_ssl password=right sslmode=prefer", Ok)]
    [InlineData("port=$tls user=only_ssl password=wrong sslmode=prefer", "PB0106")] // What the second attempt, without TLS, was told.
    [InlineData("port=$tls user=never_ssl password=right sslmode=disable", Ok)]
    [InlineData("port=$tls user=never_ssl password=right sslmode=allow", Ok)]
    [InlineData("port=$tls user=never_ssl password=right sslmode=prefer", Ok)]
    [InlineData("port=$tls user=never_ssl password=right sslmode=require", "PB0106")]
    [InlineData("port=$tls user=trusted sslmode=require sslnegotiation=direct", Ok)]
    [InlineData("port=$plain user=trusted sslmode=require sslnegotiation=direct", "PB0107")]
    public Task every_sslmode_means_the_same(string text, string expected) => SameAsync(text, expected);

    [Theory]
    [InlineData("port=$tls user=trusted sslmode=verify-ca sslrootcert=$right.pem", Ok)]
    [InlineData("port=$tls user=trusted sslmode=verify-ca sslrootcert=$other.pem", "PB0107")]
    [InlineData("host=localhost port=$tls user=trusted sslmode=verify-full sslrootcert=$right.pem", Ok)]
    [InlineData("host=localhost port=$tls user=trusted sslmode=verify-full sslrootcert=$other.pem", "PB0107")]
    [InlineData("host=localhost port=$tls user=trusted sslmode=verify-full sslrootcert=system", "PB0107")]
    [InlineData("host=127.0.0.1 port=$tls user=trusted sslmode=verify-full sslrootcert=$right.pem", "PB0107")] // Not its name.
    [InlineData("port=$tls user=trusted sslmode=require sslrootcert=$other.pem", "PB0107")]
    [InlineData("port=$tls user=trusted sslmode=prefer sslrootcert=$other.pem", Ok)]
    [InlineData("port=$tls user=trusted sslmode=verify-ca sslrootcert=$server.key", "PB0107")] // No certificate at all.
    [InlineData("port=$tls user=by_certificate sslmode=require sslcert=$client.pem sslkey=$client.key", Ok)]
    [InlineData("port=$tls user=by_certificate sslmode=require sslcert=$client.pem sslkey=$client.locked.key sslpassword=s3cret", Ok)]
    [InlineData("port=$tls user=by_certificate sslmode=require sslcert=$client.pem sslkey=$client.locked.key sslpassword=wrong", "PB0107")]
    [InlineData("port=$tls user=by_certificate sslmode=require sslcert=$client.pem sslkey=$server.key", "PB0107")]
    [InlineData("port=$tls user=by_certificate sslmode=require", "PB0106")]
    public Task certificates_prove_the_same(string text, string expected) => SameAsync(text, expected);

    [Theory]
    [InlineData("port=$tls user=by_scram password=right channel_binding=require", Ok)]
    [InlineData("port=$tls user=by_scram password=wrong channel_binding=require sslmode=require", "PB0104")]
    [InlineData("port=$tls user=by_scram password=right channel_binding=disable", Ok)]
    [InlineData("port=$tls user=trusted channel_binding=require", "PB0107")]
    [InlineData("port=$tls user=by_md5 password=right channel_binding=require", "PB0107")]
    [InlineData("port=$plain user=by_scram password=right channel_binding=require", "PB0107")]
    [InlineData("port=$tls user=by_scram password=right channel_binding=require sslmode=disable", "PB0107")]
    [InlineData("port=$tls user=by_scram password=right require_auth=scram-sha-256", Ok)]
    [InlineData("port=$tls user=by_scram password=right require_auth=!password,!md5", Ok)]
    [InlineData("port=$tls user=by_scram password=right require_auth=md5,password", "PB0107")]
    [InlineData("port=$tls user=by_password password=right require_auth=!password", "PB0107")]
    [InlineData("port=$tls user=trusted require_auth=scram-sha-256", "PB0107")]
    [InlineData("port=$tls user=trusted require_auth=none", Ok)]
    public Task what_is_asked_of_the_proof_is_asked(string text, string expected) => SameAsync(text, expected);

    [Theory]
    [InlineData("host=$sockets port=$tls user=trusted", Ok)]
    [InlineData("host=$sockets port=$tls user=trusted sslmode=verify-full", Ok)]
    [InlineData("host=/nowhere port=$tls user=trusted", "PB0101")]
    [InlineData("host=::1 port=$tls user=trusted", Ok)]
    [InlineData("host=localhost port=$plain user=trusted", Ok)]
    [InlineData("host=localhost hostaddr=127.0.0.1 port=$plain user=trusted", Ok)]
    [InlineData("port=1 user=trusted", "PB0101")]
    [InlineData("host=no-such-host.invalid user=trusted", "PB0103")]
    [InlineData("host=127.0.0.1,127.0.0.1 port=1,$plain user=trusted", Ok)]
    [InlineData("host=127.0.0.1,127.0.0.1 port=$plain,1 user=trusted", Ok)]
    [InlineData("host=127.0.0.1,::1 port=1,1 user=trusted", "PB0101")]
    public Task every_place_is_reached(string text, string expected) => SameAsync(text, expected);

    [Theory]
    [InlineData(null, "PB0108")] // Silent.
    [InlineData("", "PB0101")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "PB0107")]
    [InlineData("S", "PB0107")]
    [InlineData("NHTTP/1.1 400 Bad Request\r\n\r\n", "PB0101")]
    [InlineData("NR\0\0\0\u0008\0\0\0", "PB0101")]
    public async Task what_is_no_server_of_ours_is_told(string? answer, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var answering = AnswerAsync(listener, answer, stop.Token);
        await SameAsync($"port={((IPEndPoint)listener.LocalEndpoint).Port} user=trusted connect_timeout=1 sslmode=prefer", expected);
        await stop.CancelAsync();
        await answering;
    }

    [Theory]
    [InlineData("rsa256")]
    [InlineData("rsa512")]
    [InlineData("pss256")] // With these two the driver cannot bind.
    [InlineData("pss384")]
    [InlineData("server")] // ECDSA, SHA-384
    public async Task the_channel_is_bound_whatever_the_certificate_is_signed_with(string certificate)
    {
        await servers.StartAsync();
        await servers.ShowAsync(certificate);
        try
        {
            await using var session = await WireAsync(Parse("port=$tls user=by_scram password=right sslmode=require channel_binding=require").Settings[0]);
        }
        finally
        {
            await servers.ShowAsync("server");
        }
    }

    [Fact]
    public async Task a_session_of_either_has_the_same_settings()
    {
        await servers.StartAsync();
        var server = await Server.ConnectAsync(Side.Source, Parse("port=$tls user=postgres options='-c work_mem=5MB'"), default);
        server.UseToken("abc");
        await using var driver = await server.OpenReplicationAsync("same", default);
        await using var own = await server.TryOpenWireAsync("same", isReplication: true, StreamWire.Own, default);
        await using var observer = await server.OpenAsync("observer", default);
        var settings = await observer.QueryAsync(
            """
            SELECT pg_catalog.concat_ws(' ', a.application_name, a.usename, a.datname, a.backend_type, s.ssl, s.version)
              FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_stat_ssl s USING (pid) WHERE a.application_name = 'pgbaton/same'
            """, row => row.GetString(0), default);
        Assert.Equal(2, settings.Count);
        Assert.Equal(settings[0], settings[1]);
        foreach (var name in new[] { "work_mem", "search_path", "statement_timeout", "TimeZone", "client_encoding", "DateStyle", "pgbaton.token", "tcp_keepalives_idle" })
            Assert.Equal(await driver.Show(name), await ShowAsync(own!, name));
    }

    async Task SameAsync(string text, string expected)
    {
        await servers.StartAsync();
        var connectionString = Parse(text);
        var driver = await OutcomeAsync(connectionString, DriverAsync);
        Assert.Equal((expected, driver), (await OutcomeAsync(connectionString, async settings => await WireAsync(settings)), driver));
        Assert.Equal(expected, driver);
    }

    ConnectionString Parse(string text) => ConnectionString.Parse(
        Side.Source, servers.Filled($"host=127.0.0.1 dbname=postgres {text}"), new ConnectionEnvironment(_ => null, Home: null, "nobody"));

    static async Task<IAsyncDisposable> DriverAsync(NpgsqlConnectionStringBuilder settings)
    {
        var connection = new LogicalReplicationConnection(settings.ConnectionString);
        await connection.Open();
        return connection;
    }

    static Task<WireSession> WireAsync(NpgsqlConnectionStringBuilder settings) => WireSession.OpenAsync(settings, isReplication: true, receiveBuffer: 65536, default);

    // Host by host, as a server is looked for.
    static async Task<string> OutcomeAsync(ConnectionString connectionString, Func<NpgsqlConnectionStringBuilder, Task<IAsyncDisposable>> open)
    {
        var outcome = "";
        foreach (var (host, settings) in connectionString.Hosts.Zip(connectionString.Settings))
        {
            try
            {
                await using var connection = await open(settings);
                return Ok;
            }
            catch (Exception failure) when (ConnectError.Is(failure, default))
            {
                outcome = ConnectError.Explain(Side.Source, connectionString, host, failure).Code;
            }
        }

        return outcome;
    }

    static async Task<string> ShowAsync(WireSession session, string name)
    {
        await session.SendAsync(Outgoing.Query($"SHOW {name}"), default);
        await session.NextAsync('T', _ => true, default);
        var value = await session.NextAsync('D', row => Encoding.UTF8.GetString(row.Body[6..]), default);
        await session.NextAsync('C', _ => true, default);
        await session.NextAsync('Z', _ => true, default);
        return value;
    }

    // To whatever is asked; null: nothing, and it stays silent.
    static async Task AnswerAsync(TcpListener listener, string? answer, CancellationToken ct)
    {
        var clients = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ct);
                clients.Add(client);
                if (answer is null)
                    continue;
                foreach (var part in answer.StartsWith('N') ? [answer[..1], answer[1..]] : new[] { answer }) // First to the request for SSL.
                {
                    await client.GetStream().ReadAtLeastAsync(new byte[8], 8, throwOnEndOfStream: false, ct);
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(part), ct);
                }

                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (OperationCanceledException)
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}

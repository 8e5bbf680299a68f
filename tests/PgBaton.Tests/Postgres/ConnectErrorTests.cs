using PgBaton.Postgres;

namespace PgBaton.Tests.Postgres;

/// <summary>Each reason not to be let in has a code and a way out of its own, and none of them shows the password.</summary>
public sealed class ConnectErrorTests
{
    const string Canary = "canary-5d41402abc4b";

    static readonly Uri _server = new(TestServer.Of(17).UriOf("postgres"));

    static string Uri(string user = "postgres", string password = Canary, string? host = null, int? port = null, string database = "postgres", string query = "")
        => $"postgresql://{user}:{password}@{host ?? _server.Host}:{port ?? _server.Port}/{database}{query}";

    static string RightPassword => _server.UserInfo.Split(':')[1];

    static async Task<MigrationException> FailAsync(string text)
    {
        var failure = await Assert.ThrowsAsync<MigrationException>(() => Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, text), CancellationToken.None));
        Assert.DoesNotContain(Canary, $"{failure} {failure.Detail} {failure.Hint}", StringComparison.Ordinal);
        Assert.DoesNotContain(RightPassword, $"{failure} {failure.Detail} {failure.Hint}", StringComparison.Ordinal);
        Assert.NotNull(failure.Hint);
        return failure;
    }

    [Fact]
    public async Task nobody_listens() => Assert.Equal("PB0101", (await FailAsync(Uri(port: 1))).Code);

    [Fact]
    public async Task no_such_socket() => Assert.Equal("PB0101", (await FailAsync($"host=/nowhere dbname=postgres user=u password={Canary}")).Code);

    [Fact]
    public async Task unknown_host() => Assert.Equal("PB0103", (await FailAsync(Uri(host: "no-such-host.invalid"))).Code);

    [Fact]
    public async Task wrong_password()
    {
        var failure = await FailAsync(Uri());
        Assert.Equal(("PB0104", "28P01"), (failure.Code, failure.SqlState));
        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task no_password_at_all()
    {
        var failure = await FailAsync($"host={_server.Host} port={_server.Port} user=postgres dbname=postgres passfile=/nowhere");
        Assert.Equal("PB0104", failure.Code);
        Assert.Contains("none was given", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task wrong_database() => Assert.Equal("PB0105", (await FailAsync(Uri(password: RightPassword, database: "no_such_database"))).Code);

    [Fact]
    public async Task a_role_that_may_not_log_in()
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        var role = $"nologin_{Guid.NewGuid():n}"[..20];
        await database.ExecuteAsync($"CREATE ROLE {role} NOLOGIN PASSWORD '{Canary}'");
        try
        {
            Assert.Equal("PB0106", (await FailAsync(Uri(role))).Code);
        }
        finally
        {
            await database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Theory]
    [InlineData("?sslmode=verify-full&sslrootcert=system")]
    [InlineData("?sslmode=verify-full")]
    public async Task a_certificate_nobody_signed(string query) => Assert.Equal("PB0107", (await FailAsync(Uri(password: RightPassword, query: query))).Code);

    [Fact]
    public async Task a_server_without_tls()
    {
        await using var server = await OwnServer.StartAsync(17);
        Assert.Equal("PB0107", (await FailAsync($"{server.UriOf("postgres")}?sslmode=require")).Code);
    }

    [Fact]
    public async Task the_right_certificate_is_accepted()
    {
        var ca = Environment.GetEnvironmentVariable("PGBATON_TEST_CA");
        Assert.SkipWhen(ca is null, "PGBATON_TEST_CA names no certificate");
        foreach (var mode in new[] { "require", "verify-ca", "verify-full" })
        {
            var server = await Server.ConnectAsync(
                Side.Source, ConnectionString.Parse(Side.Source, Uri(password: RightPassword, query: $"?sslmode={mode}&sslrootcert={ca}&channel_binding=require")), CancellationToken.None);
            await using var connection = await server.OpenAsync("test", CancellationToken.None);
            Assert.True(await connection.QueryValueAsync<bool>("SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()", CancellationToken.None));
        }
    }

    [Fact]
    public async Task no_answer_in_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        Assert.Equal("PB0108", (await FailAsync(Uri(port: port, query: "?connect_timeout=1"))).Code);
    }

    [Fact]
    public async Task no_connection_left()
    {
        await using var database = await TestServer.Of(17).CreateDatabaseAsync();
        var role = $"limited_{Guid.NewGuid():n}"[..20];
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0 PASSWORD '{Canary}'");
        try
        {
            var failure = await FailAsync(Uri(role));
            Assert.Equal("PB0109", failure.Code);
            Assert.True(Transient.Is(failure));
        }
        finally
        {
            await database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task the_first_host_that_answers_is_taken_and_kept()
    {
        var text = $"host=127.0.0.1,127.0.0.1 port=1,{_server.Port} user=postgres password={RightPassword} dbname=postgres";
        var server = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, text), CancellationToken.None);
        Assert.Equal($"127.0.0.1:{_server.Port}/postgres", server.Address);
        Assert.Equal("PB0111", (await FailAsync($"{text} target_session_attrs=standby")).Code);
    }

    [Fact]
    public async Task a_unix_socket_needs_no_password()
    {
        var folder = Environment.GetEnvironmentVariable("PGBATON_TEST_SOCKETS");
        Assert.SkipWhen(folder is null, "PGBATON_TEST_SOCKETS names no folder");
        foreach (var text in new[] { $"postgresql:///postgres?host={folder}&port={_server.Port}&user=postgres&sslmode=require", $"postgresql://postgres@{System.Uri.EscapeDataString(folder)}:{_server.Port}/postgres" })
        {
            var server = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, text), CancellationToken.None);
            await using var connection = await server.OpenAsync("test", CancellationToken.None);
            Assert.Equal(System.Data.ConnectionState.Open, connection.State);
        }
    }

    [Fact]
    public async Task an_ipv6_literal_is_reached()
    {
        await using var server = await OwnServer.StartAsync(17, "listen_addresses = '127.0.0.1, ::1'");
        var connected = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, $"postgresql://postgres@[::1]:{server.Port}/postgres"), CancellationToken.None);
        await using var connection = await connected.OpenAsync("test", CancellationToken.None);
        Assert.Equal("::1", await connection.QueryValueAsync<string>("SELECT pg_catalog.host(pg_catalog.inet_server_addr())", CancellationToken.None));
    }

    [Fact]
    public async Task the_users_options_are_kept_and_ours_win()
    {
        var text = Uri(password: RightPassword, query: "?options=-c%20work_mem%3D5MB%20-c%20statement_timeout%3D7&application_name=mine");
        var server = await Server.ConnectAsync(Side.Source, ConnectionString.Parse(Side.Source, text), CancellationToken.None);
        await using var connection = await server.OpenAsync("test", CancellationToken.None);
        Assert.Equal("5MB", await connection.QueryValueAsync<string>("SHOW work_mem", CancellationToken.None));
        Assert.Equal("0", await connection.QueryValueAsync<string>("SHOW statement_timeout", CancellationToken.None));
        Assert.Equal("pgbaton/test", await connection.QueryValueAsync<string>("SHOW application_name", CancellationToken.None));
    }
}

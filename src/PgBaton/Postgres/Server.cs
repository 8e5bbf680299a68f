using Npgsql;
using Npgsql.Replication;
using PgBaton.Postgres.Wire;

namespace PgBaton.Postgres;

/// <summary>One of the two databases: how to reach it, and what it is. Holds no connection.</summary>
sealed class Server
{
    /// <summary>Bytes that are read of a stream at once; no more, so that a source that is faster waits, and then sends many changes together.</summary>
    const int StreamBuffer = 64 * 1024;

    readonly NpgsqlConnectionStringBuilder _settings;

    Server(Side side, NpgsqlConnectionStringBuilder settings, ServerVersion version, ServerIdentity identity)
        => (Side, _settings, Version, Identity) = (side, settings, version, identity);

    public Side Side { get; }

    /// <summary><c>source</c> or <c>target</c>: in messages, and for who is the writer.</summary>
    public string Name => Side == Side.Source ? "source" : "target";

    public ServerVersion Version { get; }

    public ServerIdentity Identity { get; }

    /// <summary><c>host:port/database</c>: what a person is shown. Without user and password.</summary>
    public string Address => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    public string Host => _settings.Host!;
    /// <summary>As the string names it, even where <c>hostaddr</c> says what to connect to: the name tells whose server it is.</summary>
    public string NamedHost => Given.Hosts.FirstOrDefault(host => host.Address == Host && host.Port == Port)?.Name ?? Host;

    public int Port => _settings.Port;
    public string User => _settings.Username!;
    public string Database => _settings.Database!;

    /// <summary>Of every text that sessions of ours get: <c>UTF8</c>, or <c>SQL_ASCII</c> where the database has none.</summary>
    public string Encoding => _settings.ClientEncoding!;

    /// <summary>Lets the sessions of this engine through a closed gate; null until <see cref="UseToken"/>.</summary>
    public string? Token { get; private set; }

    /// <summary>What the operator gave.</summary>
    required public ConnectionString Given { private get; init; }

    /// <summary>The options that the connection string itself asks for.</summary>
    string? UserOptions { get; init; }

    /// <summary>Only for what starts a client program of PostgreSQL; goes into a passfile, nowhere else.</summary>
    public NpgsqlConnectionStringBuilder Settings => new(_settings.ConnectionString);

    /// <summary>Sessions that were opened ahead, while somebody keeps some.</summary>
    public ReadySessions? Ready { private get; set; }

    /// <summary>Reads the version first, since a setting that the server does not know would make the real connections fail.</summary>
    public static async Task<Server> ConnectAsync(Side side, ConnectionString connectionString, CancellationToken ct)
    {
        var (connection, settings) = await connectionString.OpenAsync(side, SessionSettings.ForAnyVersion(null), ct);
        ServerVersion version;
        await using (connection)
            version = new ServerVersion(int.Parse(await connection.QueryValueAsync<string>("SHOW server_version_num", ct), provider: null));

        var userOptions = settings.Options;
        settings.Options = SessionSettings.For(version, userOptions);
        await using var session = ConnectionSecurity.Connect(settings);
        try
        {
            await session.OpenAsync(ct); // The first one with our settings: a pooler refuses them.
        }
        catch (PostgresException failure)
        {
            throw ConnectError.Explain(side, connectionString, connectionString.Hosts[0], failure);
        }

        return new Server(side, settings, version, await ServerIdentity.ReadAsync(session, ct)) { UserOptions = userOptions, Given = connectionString };
    }

    /// <summary>Every connection opened from now on carries the token, as a startup option.</summary>
    public void UseToken(string token)
    {
        Token = token;
        _settings.Options = $"{_settings.Options} -c pgbaton.token={token}";
    }

    /// <summary>A session with our settings; <paramref name="step"/> shows in pg_stat_activity as <c>pgbaton/step</c>. One that is ready, or a new one.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string step, CancellationToken ct)
        => Ready is { } ready && await ready.TakeAsync(step) is { } session ? session : await OpenNewAsync(step, ct);

    /// <inheritdoc cref="OpenAsync"/>
    /// <param name="step">Who it is for.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="extraOptions">More startup options, such as <c>-c work_mem=64MB</c>.</param>
    /// <param name="autoPrepare">How many commands that are run again and again are kept prepared.</param>
    /// <param name="commandTimeout">Seconds after which a command without an answer fails and the session is broken; 0 waits for ever.</param>
    public async Task<NpgsqlConnection> OpenNewAsync(
        string step, CancellationToken ct, string? extraOptions = null, int autoPrepare = 0, int commandTimeout = 0)
    {
        var settings = For(step);
        settings.Options = $"{settings.Options} {extraOptions}";
        (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (autoPrepare, 2);
        settings.IncludeFailedBatchedCommand = true;
        settings.CommandTimeout = commandTimeout;
        var connection = ConnectionSecurity.Connect(settings);
        await ExplainAsync(() => connection.OpenAsync(ct));
        return connection;
    }

    /// <summary>A session with the server's own defaults for this role and database, as the application's sessions have them.</summary>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="withTimeLimits">With those for statements, transactions and idle sessions: they may be too short for any question.</param>
    public async Task<NpgsqlConnection> OpenPlainAsync(CancellationToken ct, bool withTimeLimits = false)
    {
        // The search_path is ours all the same: the driver's own query for the types would run under it.
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
        {
            Options = $"{UserOptions} -c search_path={(withTimeLimits ? "" : $" {SessionSettings.NoTimeLimits(Version)}")}",
            ApplicationName = "pgbaton/check",
        };
        var connection = ConnectionSecurity.Connect(settings);
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>Whether a password over TLS is bound to the channel: the server checks it by SCRAM, and nobody else ends the encryption.</summary>
    public async Task<bool> BindsChannelAsync(CancellationToken ct)
    {
        var settings = For("check");
        (settings.ChannelBinding, settings.RequireAuth) = (ChannelBinding.Require, "ScramSHA256");
        await using var connection = ConnectionSecurity.Connect(settings);
        try
        {
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException refused) when (refused is not PostgresException && refused.InnerException is null)
        {
            return false; // The driver's own refusal; what the network does has an inner cause.
        }
    }

    /// <summary>A session that speaks the replication protocol and plain SQL.</summary>
    public async Task<LogicalReplicationConnection> OpenReplicationAsync(string step, CancellationToken ct)
    {
        var settings = For(step);
        (settings.ReadBufferSize, settings.SocketReceiveBufferSize) = (StreamBuffer, StreamBuffer);
        var connection = new LogicalReplicationConnection(settings.ConnectionString);
        await ExplainAsync(() => connection.Open(ct));
        return connection;
    }

    /// <summary>A session of our own wire; null where the driver is to do it, or has to: only it speaks Kerberos.</summary>
    public async Task<WireSession?> TryOpenWireAsync(string step, bool isReplication, StreamWire wire, CancellationToken ct)
    {
        WireSession? session = null;
        try
        {
            if (wire == StreamWire.Own)
                await ExplainAsync(async () => session = await WireSession.OpenAsync(For(step), isReplication, isReplication ? StreamBuffer : 0, ct));
        }
        catch (NotSupportedException)
        {
        }

        return session;
    }

    /// <summary>
    /// Whether our role may switch off triggers, foreign keys and rules for its sessions. Many managed servers let nobody.
    /// </summary>
    public async Task<bool> CanSetReplicaRoleAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync("probe", ct);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync("SET LOCAL session_replication_role = replica", ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    /// <summary>Why our role gets no replication connection, in the server's words; null if it does.</summary>
    public async Task<string?> WhyNoReplicationAsync(string step, CancellationToken ct)
    {
        try
        {
            await using var connection = await OpenReplicationAsync(step, ct);
            return null;
        }
        catch (MigrationException refused) when (refused.InnerException is PostgresException said)
        {
            return said.MessageText;
        }
    }

    // A role that has lost its password, its right to log in or to replicate since: the operator has to act.
    async Task ExplainAsync(Func<Task> open)
    {
        try
        {
            await open();
        }
        catch (PostgresException failure) when (failure.SqlState is "28P01" or "28000" or "42501" or "3D000")
        {
            throw ConnectError.Explain(Side, Given, Given.Hosts[0], failure);
        }
    }

    NpgsqlConnectionStringBuilder For(string step)
        => new(_settings.ConnectionString) { ApplicationName = $"pgbaton/{step}" };
}

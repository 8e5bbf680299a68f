using System.Globalization;
using Npgsql;

namespace PgBaton.Postgres;

/// <summary>
/// A connection string as libpq takes it: a URI (<c>postgresql://user@host/db?sslmode=require</c>) or keywords (<c>host=… dbname=…</c>), with what
/// it leaves out taken from a service, the environment, the password file and libpq's defaults.
/// </summary>
sealed class ConnectionString
{
    /// <summary>A database of bytes: the server converts none and, where the session asks for none either, refuses none.</summary>
    const string NoEncoding = "SQL_ASCII";

    static readonly string[] _sessionAttributes = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];

    readonly Dictionary<string, string> _parameters;
    readonly ConnectionEnvironment _environment;

    ConnectionString(Dictionary<string, string> parameters, ConnectionEnvironment environment)
    {
        (_parameters, _environment) = (parameters, environment);
        User = Get("user") ?? environment.User;
        Database = Get("dbname") ?? User;
        Hosts = ConnectionHost.List(Get("host"), Get("hostaddr"), Get("port"));
        if (!_sessionAttributes.Contains(TargetSessionAttributes))
            throw new FormatException($"target_session_attrs is none of {string.Join(", ", _sessionAttributes)}");
        Settings = [.. Hosts.Select(Map)];
    }

    /// <summary>In the order they are tried.</summary>
    public IReadOnlyList<ConnectionHost> Hosts { get; }

    public string User { get; }

    public string Database { get; }

    /// <summary><c>host:port/database</c>, what a person is shown. Without user and password.</summary>
    public string Display => $"{string.Join(',', Hosts)}/{Database}";

    /// <summary>For the first host.</summary>
    public bool HasPassword => !string.IsNullOrEmpty(Settings[0].Password);

    /// <summary>The password stands in the string itself, where a process list and a shell's history may show it.</summary>
    public bool HoldsPassword { get; private init; }

    /// <summary>What was passed over and why, such as a password file that others may read. One line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;
    readonly List<string> _warnings = [];

    /// <summary><c>any</c>, or which kind of server is wanted where several hosts are named.</summary>
    public string TargetSessionAttributes => Get("target_session_attrs") ?? "any";

    /// <summary>For Npgsql, one for each of <see cref="Hosts"/>: pooling off, no command timeout, and the rest as the string says.</summary>
    public IReadOnlyList<NpgsqlConnectionStringBuilder> Settings { get; }

    /// <exception cref="MigrationException">PB0001: it cannot be read. Nothing of the string is repeated, since it may hold a password.</exception>
    public static ConnectionString Parse(Side side, string text) => Parse(side, text, ConnectionEnvironment.OfProcess);

    /// <exception cref="MigrationException">PB0001.</exception>
    public static ConnectionString Parse(Side side, string text, ConnectionEnvironment environment)
    {
        try
        {
            var parameters = ConnectionStringText.Read(text);
            var holdsPassword = !string.IsNullOrEmpty(parameters.GetValueOrDefault("password"));
            Complete(parameters, environment);
            return new ConnectionString(parameters, environment) { HoldsPassword = holdsPassword };
        }
        catch (FormatException failure)
        {
            throw Errors.MalformedConnectionString(side, failure.Message);
        }
    }

    /// <summary>For the first host.</summary>
    public NpgsqlConnectionStringBuilder ToNpgsql() => new(Settings[0].ConnectionString);

    /// <summary>
    /// Connects to the first host that answers and is of the kind that <c>target_session_attrs</c> asks for. Who opens further sessions uses the
    /// settings that come with it: they name that one host, because a slot and a journal live on one server only.
    /// </summary>
    /// <param name="side">For the words of an error.</param>
    /// <param name="sessionOptions">Startup options of this connection only.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="MigrationException">PB0101, PB0103 to PB0111.</exception>
    public async Task<(NpgsqlConnection Connection, NpgsqlConnectionStringBuilder Settings)> OpenAsync(
        Side side, string sessionOptions, CancellationToken ct)
    {
        MigrationException? error = null;
        string[] passes = TargetSessionAttributes == "prefer-standby" ? ["standby", "any"] : [TargetSessionAttributes];
        foreach (var (wanted, i) in passes.SelectMany(wanted => Hosts.Select((_, i) => (wanted, i))))
        {
            var settings = new NpgsqlConnectionStringBuilder(Settings[i].ConnectionString);
            var session = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Options = $"{settings.Options} {sessionOptions}" };
            var connection = ConnectionSecurity.Connect(session);
            try
            {
                await connection.OpenAsync(ct);
                if (connection.PostgresParameters.GetValueOrDefault("server_encoding") == NoEncoding && settings.ClientEncoding != NoEncoding)
                {
                    await connection.DisposeAsync();
                    settings = WithoutEncoding(settings);
                    connection = ConnectionSecurity.Connect(WithoutEncoding(session));
                    await connection.OpenAsync(ct);
                }

                if (await IsAsync(connection, wanted, ct))
                    return (connection, settings);
                error = Errors.NoSuchServer(side, Display, wanted);
            }
            catch (Exception failure) when (ConnectError.Is(failure, ct))
            {
                error = ConnectError.Explain(side, this, Hosts[i], failure);
            }

            await connection.DisposeAsync();
        }

        throw error!;
    }

    static NpgsqlConnectionStringBuilder WithoutEncoding(NpgsqlConnectionStringBuilder settings)
        => new(settings.ConnectionString) { ClientEncoding = NoEncoding, Encoding = KeptBytes.Instance.WebName };

    static async Task<bool> IsAsync(NpgsqlConnection connection, string wanted, CancellationToken ct) => wanted switch
    {
        "any" => true,
        "primary" => !await connection.QueryValueAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct),
        "standby" => await connection.QueryValueAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct),
        "read-write" => await connection.QueryValueAsync<string>("SHOW transaction_read_only", ct) == "off",
        _ => await connection.QueryValueAsync<string>("SHOW transaction_read_only", ct) == "on",
    };

    /// <summary>What a client program of PostgreSQL has to find in its environment. Without the password.</summary>
    public IReadOnlyDictionary<string, string> LibpqEnvironment => Postgres.LibpqEnvironment.Of(Settings[0]);

    /// <summary>Without the password.</summary>
    public override string ToString() => Display;

    static void Complete(Dictionary<string, string> parameters, ConnectionEnvironment environment)
    {
        ServiceFile.Apply(parameters, environment);
        foreach (var parameter in ConnectionParameters.All.Values)
        {
            if (!parameters.ContainsKey(parameter.Name) && environment.Get(parameter.Variable) is { } value)
                parameters[parameter.Name] = value;
            if (parameter.OnlyValues.Length > 0 && parameters.TryGetValue(parameter.Name, out var asked) && asked.Length > 0 && !parameter.OnlyValues.Contains(asked))
                throw new FormatException($"what parameter {parameter.Name} asks for is not supported here; leave it out");
        }
    }

    internal string? Get(string name) => _parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    NpgsqlConnectionStringBuilder Map(ConnectionHost host)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = host.Address,
            Port = host.Port,
            Username = User,
            Database = Database,
            Options = Get("options"),
            ApplicationName = "pgbaton",
            ClientEncoding = "UTF8",
            Timezone = "UTC", // Else Npgsql sends PGTZ after our options.
            Pooling = false,
            CommandTimeout = 0,
            MaxAutoPrepare = 0,
            Timeout = Timeout(),
        };
        new ConnectionSecurity(Get, _environment, host).Apply(settings);
        SetPassword(settings, host);
        SetKeepalives(settings, host);
        return settings;
    }

    void SetPassword(NpgsqlConnectionStringBuilder settings, ConnectionHost host)
    {
        string? warning = null;
        var password = Get("password") ?? PasswordFile.Find(
            Get("passfile"), _environment, host.NameInPasswordFile, host.Port, Database, User, out warning);
        settings.Password = password;
        if (warning is not null && !_warnings.Contains(warning))
            _warnings.Add(warning);
        // Npgsql would look into the password file itself, without looking at its permissions.
        if (password is null && !OperatingSystem.IsWindows())
            settings.Passfile = "/dev/null";
    }

    void SetKeepalives(NpgsqlConnectionStringBuilder settings, ConnectionHost host)
    {
        settings.TcpKeepAlive = !host.IsUnixSocket && Number("keepalives", 1) != 0;
        if (!settings.TcpKeepAlive)
            return;
        settings.TcpKeepAliveTime = Math.Max(0, Number("keepalives_idle", 10));
        if (settings.TcpKeepAliveTime > 0)
            settings.TcpKeepAliveInterval = Math.Max(0, Number("keepalives_interval", 10));
    }

    // 0 and less is for ever in libpq; Npgsql's longest is 1024 s.
    int Timeout() => Number("connect_timeout", 15) is > 0 and var seconds ? Math.Min(seconds, 1024) : 0;

    int Number(string name, int otherwise)
        => Get(name) is not { } text ? otherwise
            : int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"parameter {name} is not a whole number");
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace PgBaton.Cli.Demo.Servers;

/// <summary>
/// A PostgreSQL server of our own on a free loopback port, gone with us: a small shell script holds it and ends it when the pipe to this
/// process breaks, so that not even a killed process leaves a server or a folder behind.
/// </summary>
sealed class ThrowawayServer : IAsyncDisposable
{
    Process? _holder;
    readonly string _password;

    ThrowawayServer(PostgresHome home, Process holder, string password, string folder, int port)
        => (Home, _holder, _password, Folder, Port) = (home, holder, password, folder, port);

    public PostgresHome Home { get; }

    /// <summary>Holds the data folder, the log and the socket; only the server's own user may look into it.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>How to look at a server that was kept. Through its socket, where its own user and root need no password.</summary>
    public string LookCommand(string database)
        => $"{(PostgresHome.ClientBin is { } bin ? Path.Combine(bin, "psql") : "psql")} -h {Folder} -p {Port} -U postgres {database}";

    /// <summary>How to end a server that was kept.</summary>
    public string StopCommand
        => $"{(AsPostgres ? "runuser -u postgres -- " : "")}{Home.Program("pg_ctl")} -D {Folder}/data -m fast stop && rm -rf {Folder}";

    /// <summary>As user <c>postgres</c> where we are root, since PostgreSQL refuses to run as root; as ourselves otherwise.</summary>
    /// <param name="home">Which server programs.</param>
    /// <param name="ct">Ends the waiting, and what was started.</param>
    /// <param name="settings">More lines for postgresql.conf.</param>
    /// <param name="parent">The folder to make the server's own in; null: that for temporary files.</param>
    /// <exception cref="MigrationException">PB0051.</exception>
    public static async Task<ThrowawayServer> StartAsync(PostgresHome home, CancellationToken ct, string settings = "", string? parent = null)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var holder = Process.Start(Holder(home, $"{Settings}\n{settings}", parent ?? Path.GetTempPath()))!;
        try
        {
            var complaints = holder.StandardError.ReadToEndAsync(ct);
            await holder.StandardInput.WriteLineAsync(password.AsMemory(), ct);
            await holder.StandardInput.FlushAsync(ct);
            var folder = await SaidAsync(holder, "folder ", ct);
            var port = folder is null ? null : await SaidAsync(holder, "ready ", ct);
            if (port is null)
                throw Errors.ServerDidNotStart(home.Major, await complaints);
            return new ThrowawayServer(home, holder, password, folder!, int.Parse(port, provider: null));
        }
        catch
        {
            await LetGoAsync(holder);
            throw;
        }
    }

    /// <summary>A connection string as an application has it.</summary>
    public string UriOf(string database, string user = "postgres", string? password = null)
        => $"postgresql://{user}:{password ?? _password}@127.0.0.1:{Port}/{database}";

    /// <summary>The same for Npgsql.</summary>
    public string SettingsOf(string database, string user = "postgres", string? password = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Database = database, Username = user, Password = password ?? _password,
        Pooling = false, CommandTimeout = 0, IncludeErrorDetail = false,
    }.ConnectionString;

    /// <summary>A superuser's session.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken ct, string? applicationName = null)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(SettingsOf(database)) { ApplicationName = applicationName }.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>The server and its folder stay when this process ends.</summary>
    public async Task KeepAsync()
    {
        if (_holder is not { } holder)
            return;
        await holder.StandardInput.WriteLineAsync("keep");
        await holder.StandardInput.FlushAsync();
        await holder.WaitForExitAsync();
    }

    /// <summary>Ends the server at once, with every session on it, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _holder, null) is { } holder)
            await LetGoAsync(holder);
    }

    static async Task LetGoAsync(Process holder)
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        holder.Dispose();
    }

    static bool AsPostgres => Environment.IsPrivilegedProcess;

    // A session of its own: Ctrl-C on the terminal reaches this process, which then ends the server in its own time.
    static ProcessStartInfo Holder(PostgresHome home, string settings, string parent)
    {
        string[] asUser = AsPostgres ? ["runuser", "-u", "postgres", "--"] : [];
        string[] script = ["sh", "-c", EmbeddedText.Read("throwaway.sh"), "pgbaton", home.Bin, parent.TrimEnd('/'), settings];
        var start = new ProcessStartInfo("setsid", [.. asUser, .. script, .. FreePorts()])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name); // PGDATA, PGPORT, PGOPTIONS … are meant for another server.
        return start;
    }

    // Several, since one may be taken until the server comes to bind it.
    static List<string> FreePorts()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => $"{((IPEndPoint)listener.LocalEndpoint).Port}");
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    // Null if it ended instead.
    static async Task<string?> SaidAsync(Process holder, string beginning, CancellationToken ct)
    {
        while (await holder.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line[beginning.Length..];
        }

        return null;
    }

    // Throwaway data: nothing is made safe against a crash of the machine.
    const string Settings = """
        listen_addresses = '127.0.0.1'
        max_connections = 100
        wal_level = logical
        max_wal_senders = 20
        max_replication_slots = 20
        fsync = off
        full_page_writes = off
        shared_buffers = 128MB
        maintenance_work_mem = 128MB
        max_wal_size = 2GB
        jit = off
        timezone = UTC
        log_timezone = UTC
        """;
}

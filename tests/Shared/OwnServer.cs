using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PgBaton.Tests;

/// <summary>
/// A server that a test starts for itself, because it needs settings that the shared ones do not have, or because it stops it. In a folder of
/// its own, on a free port, gone with the object. The superuser is postgres; nobody is asked for a password.
/// </summary>
public sealed class OwnServer : IAsyncDisposable
{
    readonly string _bin, _folder;
    readonly SmallDisk? _disk;

    OwnServer(int major, string bin, string folder, int port, SmallDisk? disk) => (Major, _bin, _folder, Port, _disk) = (major, bin, folder, port, disk);

    public int Major { get; }

    public int Port { get; }

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Only of a server that was started with one.</summary>
    public SmallDisk Disk => _disk ?? throw new InvalidOperationException("it has no disk of its own");

    public bool IsRunning => File.Exists(Path.Combine(DataFolder, "postmaster.pid"));

    public string UriOf(string database, string user = "postgres") => $"postgresql://{user}@127.0.0.1:{Port}/{database}";

    /// <summary>For versions that the rig does not install by itself.</summary>
    public static bool IsInstalled(int major) => File.Exists(Path.Combine(Home, major.ToString(provider: null), "bin", "initdb"));

    /// <summary>Skips the test where that version is not installed; fails it in CI.</summary>
    /// <param name="major">Of PostgreSQL.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    /// <param name="port">Null: a free one.</param>
    /// <param name="diskMegabytes">A disk of its own, of that size; null: that of the machine.</param>
    public static async Task<OwnServer> StartAsync(int major, string settings = "", int? port = null, int? diskMegabytes = null)
    {
        var bin = Path.Combine(Home, major.ToString(provider: null), "bin");
        if (!IsInstalled(major))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") is null, $"PostgreSQL {major} is not in {Home}");
            Assert.Fail($"PostgreSQL {major} is not in {Home}");
        }

        var folder = Directory.CreateTempSubdirectory("pgbaton-own-").FullName;
        var disk = diskMegabytes is { } megabytes ? await SmallDisk.MountAsync(folder, megabytes) : null;
        if (IsRoot)
            await RunAsync("chown", "postgres", folder);
        var server = new OwnServer(major, bin, folder, port ?? FreePort(), disk);
        try
        {
            await AsPostgresAsync(Path.Combine(bin, "initdb"), "-D", server.DataFolder, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
            await server.ConfigureAsync(
                $"""
                listen_addresses = '127.0.0.1'
                port = {server.Port}
                unix_socket_directories = '{folder}'
                fsync = off
                wal_level = logical
                {settings}
                """);
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds lines to postgresql.conf; they count from the next start.</summary>
    public async Task ConfigureAsync(string lines)
        => await AsPostgresAsync("sh", "-c", "printf '%s\\n' \"$1\" >> \"$2\"", "sh", lines, Path.Combine(DataFolder, "postgresql.conf"));

    /// <summary>From the next start on it is a standby without a primary.</summary>
    public async Task BecomeStandbyAsync()
    {
        await StopAsync("fast");
        await AsPostgresAsync("touch", Path.Combine(DataFolder, "standby.signal"));
        await StartAsync();
    }

    /// <summary>A standby becomes the primary.</summary>
    public Task PromoteAsync() => AsPostgresAsync(Path.Combine(_bin, "pg_ctl"), "-D", DataFolder, "-w", "-s", "promote");

    /// <summary>Reads the settings again.</summary>
    public Task ReloadAsync() => AsPostgresAsync(Path.Combine(_bin, "pg_ctl"), "-D", DataFolder, "-s", "reload");

    /// <summary>Puts a line before all others of pg_hba.conf and has it read.</summary>
    public async Task PrependHbaAsync(string line)
    {
        await AsPostgresAsync("sh", "-c", "printf '%s\\n' \"$1\" | cat - \"$2\" > \"$2.new\" && mv \"$2.new\" \"$2\"", "sh", line, Path.Combine(DataFolder, "pg_hba.conf"));
        await ReloadAsync();
    }

    /// <summary>Of a stopped server: its data as they are now, kept beside them.</summary>
    public Task KeepCopyAsync() => AsPostgresAsync("cp", "-a", DataFolder, $"{DataFolder}.copy");

    /// <summary>Of a stopped server: the kept copy takes its place; the old data are gone.</summary>
    /// <param name="promote">It was a standby, and becomes the primary with a timeline of its own.</param>
    public async Task BecomeCopyAsync(bool promote)
    {
        Directory.Delete(DataFolder, recursive: true);
        Directory.Move($"{DataFolder}.copy", DataFolder);
        if (promote)
            await AsPostgresAsync("touch", Path.Combine(DataFolder, "standby.signal"));
        await StartAsync();
        if (promote)
            await PromoteAsync();
    }

    public Task StartAsync() => AsPostgresAsync(Path.Combine(_bin, "pg_ctl"), "-D", DataFolder, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "-s", "start");

    /// <param name="mode">smart, fast or immediate; the last is like a crash.</param>
    public Task StopAsync(string mode = "immediate") => AsPostgresAsync(Path.Combine(_bin, "pg_ctl"), "-D", DataFolder, "-m", mode, "-w", "-s", "stop");

    public Task<TestDatabase> CreateDatabaseAsync() => TestServer.At(Major, UriOf("postgres")).CreateDatabaseAsync();

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await StopAsync();
        if (_disk is not null)
            await _disk.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    static bool IsRoot => Environment.UserName == "root";

    // Where eng/setup.sh puts them.
    static string Home
        => Environment.GetEnvironmentVariable("PGBATON_POSTGRES") is { Length: > 0 } given ? given
            : IsRoot ? "/var/cache/pgbaton/postgres"
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".cache"), "pgbaton", "postgres");

    // PostgreSQL refuses to run as root.
    static Task AsPostgresAsync(string program, params string[] arguments)
        => IsRoot ? RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments]) : RunAsync(program, arguments);

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        // The server inherits both and keeps them open: only the program's own end counts.
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            Assert.Fail($"{program} {string.Join(' ', arguments)}: {await errors}{await output}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PgBaton.Tests.Cutover;

/// <summary>Debian's PgBouncer in front of two databases: the application knows it by the name <c>app</c>.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbaton-pool-");
    readonly int _port;
    readonly Process _process;

    PgBouncer(int port, string mode, TestDatabase first, IEnumerable<TestDatabase> others)
    {
        _port = port;
        foreach (var database in others.Prepend(first))
            File.WriteAllText(FileOf(database), Configuration(database, port, mode, Users));
        File.Copy(FileOf(first), Ini);
        File.WriteAllText(Users, "\"admin\" \"\"\n\"app\" \"\"\n");
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
            _process = Process.Start("runuser", ["-u", "postgres", "--", "/usr/sbin/pgbouncer", "-q", Ini]);
        }
        else
        {
            _process = Process.Start("/usr/sbin/pgbouncer", ["-q", Ini]);
        }
    }

    /// <summary>Of the admin console.</summary>
    public string Console => $"postgresql://admin@127.0.0.1:{_port}/pgbouncer";

    string Users => Path.Combine(_folder.FullName, "users.txt");

    string Ini => Path.Combine(_folder.FullName, "pgbouncer.ini");

    public static async Task<PgBouncer> StartAsync(TestDatabase first, TestDatabase second, string mode = "transaction")
    {
        if (!File.Exists("/usr/sbin/pgbouncer") && Environment.GetEnvironmentVariable("CI") is null)
            Assert.Skip("there is no PgBouncer here: eng/pooler.sh installs it");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var pool = new PgBouncer(port, mode, first, [second]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await using var connection = await pool.ConnectAsync();
                return pool;
            }
            catch (NpgsqlException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>The shell command that makes a database the one behind the name.</summary>
    public string PointTo(TestDatabase database) => $"cp {FileOf(database)} {Ini}";

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={_port};Database=app;Username=app;Pooling=false;No Reset On Close=true;Timeout=30;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>What the admin console says.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var psql = Process.Start(new ProcessStartInfo("psql", ["-X", "-A", "-d", Console, "-c", command]) { RedirectStandardOutput = true })!;
        return await psql.StandardOutput.ReadToEndAsync();
    }

    public async Task<bool> IsPausedAsync()
    {
        var lines = (await AskAsync("SHOW DATABASES")).Split('\n').Select(line => line.Split('|')).ToList();
        return lines.Single(line => line[0] == "app")[Array.IndexOf(lines[0], "paused")] == "1";
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    string FileOf(TestDatabase database) => Path.Combine(_folder.FullName, $"{database.Name}.ini");

    static string Configuration(TestDatabase database, int port, string mode, string users)
    {
        var server = new Uri(database.Uri);
        var password = Uri.UnescapeDataString(server.UserInfo.Split(':')[1]);
        return $"""
            [databases]
            app = host={server.Host} port={server.Port} dbname={database.Name} user=postgres password={password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            admin_users = admin
            pool_mode = {mode}
            default_pool_size = 10
            ignore_startup_parameters = extra_float_digits,search_path,options

            """;
    }
}

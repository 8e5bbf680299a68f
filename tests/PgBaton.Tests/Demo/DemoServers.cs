using PgBaton.Cli.Demo.Servers;

namespace PgBaton.Tests.Demo;

/// <summary>Servers that these tests start themselves, since starting and ending them is what is tested.</summary>
static class DemoServers
{
    /// <summary>Missing server programs fail the test in CI and skip it elsewhere.</summary>
    public static PostgresHome Home(int major)
    {
        var home = PostgresHome.FindAll().SingleOrDefault(home => home.Major == major);
        if (home is null && Environment.GetEnvironmentVariable("CI") is null)
            Assert.Skip($"no server programs of PostgreSQL {major}");
        Assert.True(home is not null, $"no server programs of PostgreSQL {major}");
        return home;
    }

    public static Task<ThrowawayServer> StartAsync(int major) => ThrowawayServer.StartAsync(Home(major), TestContext.Current.CancellationToken);

    /// <summary>Processes whose command line names the folder; those of PostgreSQL do.</summary>
    public static IReadOnlyList<string> ProcessesOf(string folder)
        => [.. Directory.GetDirectories("/proc").Where(process => Names(process, folder))];

    static bool Names(string process, string folder)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _)
                && File.ReadAllText(Path.Combine(process, "cmdline")).Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It has just ended.
        }
    }
}

/// <summary>A folder for temporary files that the servers' user may write into too.</summary>
sealed class PublicFolder : IDisposable
{
    public PublicFolder()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_111_111);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("pgbaton-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

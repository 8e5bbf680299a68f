using System.Text.RegularExpressions;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary><c>pgbaton serve</c> as a process of its own, which can be killed and run again at the same address.</summary>
public sealed partial class ServeProcess : IAsyncDisposable
{
    public const string Token = "a-token-of-some-length-for-tests";

    readonly DirectoryInfo _folder;
    readonly CommandProcess _run;

    ServeProcess(DirectoryInfo folder, CommandProcess run, Uri address) => (_folder, _run, Address) = (folder, run, address);

    /// <summary>With the token.</summary>
    public Uri Address { get; }

    /// <param name="environment">PGBATON_SOURCE and PGBATON_TARGET: a migration that is listed from the beginning.</param>
    /// <param name="port">0: any.</param>
    public static async Task<ServeProcess> StartAsync(Dictionary<string, string> environment, int port = 0)
    {
        var folder = Directory.CreateTempSubdirectory("pgbaton-test-");
        var token = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(token, Token);
        if (Environment.GetEnvironmentVariable("PATH") is { } path)
            environment = new(environment) { ["PATH"] = path };
        var run = CommandProcess.Start(environment, "serve", "--listen", $"127.0.0.1:{port}", "--token-file", token);
        await run.WaitForAsync("Ctrl-C");
        return new ServeProcess(folder, run, new Uri(Url().Match(run.Output).Value));
    }

    /// <summary>As if the machine had lost power: nothing is said, nothing is put away.</summary>
    public Task KillAsync() => _run.SignalAsync("KILL");

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"https?://\S+token=\S+")]
    private static partial Regex Url();
}

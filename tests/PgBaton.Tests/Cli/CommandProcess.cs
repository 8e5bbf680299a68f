using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PgBaton.Tests.Cli;

/// <summary>The real executable, run as a process of its own with an environment of its own.</summary>
public sealed class CommandProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new(), _error = new();
    readonly SemaphoreSlim _arrived = new(0);

    CommandProcess(Process process) => _process = process;

    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "PgBaton.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "pgbaton"));

    public string Output => Text(_output);

    public string Error => Text(_error);

    public int Id => _process.Id;

    public IReadOnlyList<JsonElement> Json
        => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The last line of --json.</summary>
    public JsonElement Result => Json[^1];

    public static Task<(int ExitCode, CommandProcess Run)> RunAsync(params string[] args) => RunWithAsync([], args);

    public static async Task<(int ExitCode, CommandProcess Run)> RunWithAsync(Dictionary<string, string> environment, params string[] args)
    {
        await using var run = Start(environment, args);
        return (await run.EndAsync(), run);
    }

    public static CommandProcess Start(Dictionary<string, string> environment, params string[] args)
    {
        // A shell that starts this run in the background has SIGINT ignored for all that comes from it: undo that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Executable, .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var run = new CommandProcess(new Process { StartInfo = start });
        run._process.OutputDataReceived += (_, line) => run.Keep(run._output, line.Data);
        run._process.ErrorDataReceived += (_, line) => run.Keep(run._error, line.Data);
        run._process.Start();
        run._process.StandardInput.Close();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    public async Task<int> EndAsync(TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Until a line with this text came out.</summary>
    public async Task WaitForAsync(string text, TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(60));
        while (!Output.Contains(text, StringComparison.Ordinal) && !Error.Contains(text, StringComparison.Ordinal))
            await _arrived.WaitAsync(patience.Token);
    }

    /// <summary>INT, TERM …</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _arrived.Dispose();
    }

    void Keep(StringBuilder to, string? line)
    {
        if (line is null)
            return;
        lock (to)
            to.Append(line).Append('\n');
        _arrived.Release();
    }

    static string Text(StringBuilder from)
    {
        lock (from)
            return from.ToString();
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace PgBaton.Tests;

/// <summary>A real <c>pgbaton migrate --json</c> that a test watches and kills.</summary>
public sealed class EngineProcess : IDisposable
{
    static readonly string Executable = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "PgBaton.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "pgbaton"));

    readonly Process _process;
    readonly Task<string> _errors;

    EngineProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static EngineProcess Start(string source, string target, params string[] arguments)
        => StartCommand(source, target, ["migrate", .. arguments]);

    /// <summary>Another command than migrate.</summary>
    public static EngineProcess StartCommand(string source, string target, params string[] words)
    {
        var start = new ProcessStartInfo(Executable, [.. words, "--json"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PGBATON_SOURCE"] = source, ["PGBATON_TARGET"] = target, ["DOTNET_TC_CallCounting"] = "0" }, // Many short lives: nothing is worth compiling twice.
        };
        return new EngineProcess(Process.Start(start)!);
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>Reads events until one is what the test waits for; null if the process ended first.</summary>
    public async Task<JsonElement?> WaitForAsync(Func<JsonElement, bool> wanted)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            if (wanted(document.RootElement))
                return document.RootElement.Clone();
        }

        return null;
    }

    /// <summary>SIGKILL, as the kernel's out-of-memory killer sends it. On return the process runs no more instructions.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>TERM, STOP, CONT …</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code, and what was written to stderr.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await WaitForAsync(_ => false);
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _errors);
    }

    public static bool IsStepStarted(JsonElement element, string step) => Is(element, "step_started") && element.GetProperty("step").GetString() == step;

    public static bool Is(JsonElement element, string name) => element.GetProperty("event").GetString() == name;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

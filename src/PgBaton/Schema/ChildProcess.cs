using System.Collections;
using System.Diagnostics;

namespace PgBaton.Schema;

/// <summary>Runs a program to its end; it does not outlive us or the token.</summary>
static class ChildProcess
{
    public static async Task<Ended> RunAsync(
        string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Ended(process.ExitCode, await output, (await error).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Ours without any PG… variable: none of the operator's may lead a client program elsewhere, and PGPASSWORD is not inherited.</summary>
    public static Dictionary<string, string> CleanEnvironment()
        => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !((string)variable.Key).StartsWith("PG", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    /// <summary>How it ended, and all it printed.</summary>
    public sealed record Ended(int ExitCode, string Output, string Error);
}

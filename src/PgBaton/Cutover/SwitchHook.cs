using System.Diagnostics;
using PgBaton.Postgres;

namespace PgBaton.Cutover;

/// <summary>The operator's command of <c>--on-switch</c>: points the application at the target.</summary>
static class SwitchHook
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it once the new writer is open. Its failure is a warning: the decision has been made.</summary>
    public static async Task RunAsync(Migration migration, string? command, CancellationToken ct)
    {
        if (command is null || await migration.Journal.GetFactAsync(Fact.Switched, ct) is not null)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_patience);
        using var process = Start(migration, command);
        try
        {
            // Both are read to their end: a full pipe would stop the command.
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.ReadToEndAsync(limit.Token);
            var complaint = (await errors).TrimEnd().Split('\n')[^1];
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
                Warn(migration, $"ended with exit code {process.ExitCode}{(complaint.Length > 0 ? $": {complaint}" : "")}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            Warn(migration, $"was still running after {_patience.TotalMinutes:0} minutes and was ended");
        }

        await migration.Journal.SetFactAsync(Fact.Switched, "true", ct);
    }

    static Process Start(Migration migration, string command)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", ["/c", command]) : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["PGBATON_SOURCE_URI"] = Uri(migration.Source);
        start.Environment["PGBATON_TARGET_URI"] = Uri(migration.Target);
        start.Environment["PGBATON_PHASE"] = migration.Direction.IsBack ? "rolled-back" : "opened";
        return Process.Start(start)!;
    }

    // Without the password.
    static string Uri(Server server)
    {
        var host = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : System.Uri.EscapeDataString(server.Host);
        return $"postgresql://{System.Uri.EscapeDataString(server.User)}@{host}:{server.Port}/{System.Uri.EscapeDataString(server.Database)}";
    }

    static void Warn(Migration migration, string what)
        => migration.Report(new Warning(
            "PB0716", $"the command of --on-switch {what}", $"The {migration.Direction.Subscriber.Name} is open and is the writer. Point the application at it by hand."));
}

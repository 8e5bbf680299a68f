using System.CommandLine;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>Widens the copy with this machine.</summary>
static class WorkerCommand
{
    public static Command Create()
    {
        var jobs = OptionOf.Number("--jobs", "N", "copy this many parts at the same time here (default 4)", 4, ["-j"]);
        var maxRate = OptionOf.Size("--max-rate", "SIZE", "read at most so much a second from the source here, such as 50MB", 0);
        var wait = OptionOf.Seconds("--wait", "S", "how long to wait for a process that runs the migration (default 60)", 60);
        var command = new CommandOf("worker", "take parts of the copy that \"pgbaton migrate\" runs elsewhere")
        {
            About =
            [
                "Any number may run, on any machines that reach both servers; each can be killed at any moment, and what it had under way is copied by the others. "
                + "Ends with 0 when everything is copied.",
            ],
            Examples = ["pgbaton worker --jobs 8", "pgbaton worker @prod.args --wait 10min"],
        };
        command.Add(jobs);
        command.Add(maxRate);
        command.Add(wait);
        command.Run((run, parsed, ct) => RunAsync(
            run,
            GlobalOptions.ReadBoth(parsed) with { Jobs = parsed.GetValue(jobs), MaxRate = parsed.SizeOf(maxRate) },
            TimeSpan.FromSeconds(parsed.GetValue(wait)), ct));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, TimeSpan patience, CancellationToken ct)
    {
        var copied = await run.WatchAsync(options, migration => migration.WorkAsync(patience, ct));
        (run.Result["parts"], run.Result["rows"], run.Result["bytes"]) = (copied.Parts, copied.Rows, copied.Bytes);
        await run.Text.WriteLineAsync($"Everything is copied; of it, here: {copied.Parts} parts, {copied.Rows} rows, {Say.Bytes(copied.Bytes)}.");
        return ExitCode.Done;
    }
}

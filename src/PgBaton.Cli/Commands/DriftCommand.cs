using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>What became of the source's schema since it was copied.</summary>
static class DriftCommand
{
    public static Command Create()
    {
        var apply = OptionOf.Flag("--apply", "run on the target what brings it level");
        var accept = OptionOf.Flag("--accept", "you have brought the target level yourself");
        var command = new CommandOf("drift", "show what DDL has changed on the source since the schema was copied, and settle it")
        {
            About =
            [
                "Exit code 0 means that nothing is left to settle, 5 that something is: it is printed with the statements for the target.",
                "What is applied is one transaction: all of it, or nothing.",
            ],
            Examples = ["pgbaton drift", "pgbaton drift --apply"],
        };
        command.Add(apply);
        command.Add(accept);
        command.Run(async (run, parsed, ct) =>
        {
            var arguments = new WordArguments { Apply = parsed.GetValue(apply), Accept = parsed.GetValue(accept) };
            var options = GlobalOptions.Read(parsed);
            var exitCode = CommandRun.Answer(await run.SayAsync(options, "drift", arguments, ct));
            // Nothing is left to settle; that all is alike is more than that.
            await run.Text.WriteLineAsync((await Migration.StatusAsync(options, ct)).Definitions?.Differences.Count switch
            {
                null => "The target's schema is yours (--existing-schema): of it, the cutover compares tables and their columns, and nothing else.",
                0 => "The schema on the target is that of the source.",
                var left => $"Nothing is left to settle, and {left} objects of the target may be others than the source's: \"pgbaton status --json\" shows both definitions.",
            });
            return exitCode;
        });
        return command;
    }
}

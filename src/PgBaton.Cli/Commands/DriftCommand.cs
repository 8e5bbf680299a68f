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
            var exitCode = CommandRun.Answer(await run.SayAsync(GlobalOptions.Read(parsed), "drift", arguments, ct));
            await run.Text.WriteLineAsync("The schema on the target is that of the source.");
            return exitCode;
        });
        return command;
    }
}

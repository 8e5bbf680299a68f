using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>The end before a cutover.</summary>
static class AbortCommand
{
    public static Command Create()
    {
        var yes = OptionOf.Flag("--yes", "do not ask");
        var command = new CommandOf("abort", "undo everything: both servers as they were before")
        {
            About =
            [
                "Possible before the decision of a cutover. On the target only what the journal lists as made by pgbaton is dropped. "
                + "On a terminal it asks first, by having you type the migration's name.",
            ],
            Examples = ["pgbaton abort", "pgbaton abort --yes"],
        };
        command.Add(yes);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync("abort", "drop everything the migration made, on both servers", options, ct);
            var outcome = await run.SayAsync(options, "abort", new WordArguments(), ct);

            var exitCode = CommandRun.Answer(outcome);
            await run.Text.WriteLineAsync("Aborted: both servers are as they were before.");
            return exitCode;
        });
        return command;
    }
}

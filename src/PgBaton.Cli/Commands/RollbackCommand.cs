using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Moves the writers back to the source.</summary>
static class RollbackCommand
{
    public static Command Create()
    {
        var maxDowntime = OptionOf.Seconds("--max-downtime", "S", "lift the fence if the source is not open after this time (default 30)", 30);
        var onSwitch = OptionOf.Text("--on-switch", "COMMAND", "shell command to run once the source is open, on the engine's host");
        var gap = OptionOf.SequenceGap();
        var yes = OptionOf.Flag("--yes", "do not ask");
        var command = new CommandOf("rollback", "make the source the writer again, with everything written since the cutover")
        {
            About =
            [
                "A second cutover with the sides exchanged: gates, fence, last changes, sequences, decision, open. If anything fails before the decision, "
                + "the target carries on as if nothing had happened. Afterwards the target follows the source again, and \"pgbaton cutover\" is possible again.",
                "Ctrl-C ends the waiting, not the rollback: \"pgbaton cutover --cancel\" takes it back.",
            ],
            Examples = ["pgbaton rollback", "pgbaton rollback --max-downtime 10 --on-switch './switch-app.sh'"],
        };
        foreach (var option in new Option[] { maxDowntime, onSwitch, gap, yes })
            command.Add(option);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync("rollback", "make the source the writer again", options, ct);
            var arguments = new WordArguments
            {
                MaxDowntimeSeconds = parsed.GetValue(maxDowntime), OnSwitch = parsed.GetValue(onSwitch), SequenceGap = parsed.GetValue(gap),
            };
            var exitCode = CommandRun.Answer(await run.SayAsync(options, "rollback", arguments, ct));
            await CutoverCommand.TellWriterAsync(run, options, ct);
            return exitCode;
        });
        return command;
    }
}

using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Moves the writers back to the source.</summary>
static class RollbackCommand
{
    public static Command Create()
    {
        var shared = new SwitchOptions("source");
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
        shared.AddTo(command);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            await shared.ConfirmAsync(parsed, "rollback", options, ct);
            var exitCode = CommandRun.Answer(await run.SayAsync(options, "rollback", shared.Read(parsed), ct));
            await CutoverCommand.TellWriterAsync(run, options, ct);
            return exitCode;
        });
        return command;
    }
}

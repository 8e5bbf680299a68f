using System.CommandLine;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>Moves the writers to the target.</summary>
static class CutoverCommand
{
    public static Command Create()
    {
        var maxDowntime = OptionOf.Seconds("--max-downtime", "S", "lift the fence if the target is not open after this time (default 30)", 30);
        var onSwitch = OptionOf.Text("--on-switch", "COMMAND", "shell command to run once the target is open, on the engine's host");
        var noReverse = OptionOf.Flag("--no-reverse", "give up the way back");
        var cancel = OptionOf.Flag("--cancel", "lift the fence of a cutover that is under way");
        var yes = OptionOf.Flag("--yes", "do not ask");
        var command = new CommandOf("cutover", "make the target the writer: fence, last changes, sequences, open")
        {
            About =
            [
                "Verifies first whatever is not verified yet. From fence to open nobody can write; if anything fails before the decision, "
                + "the fence is lifted and the source carries on as if nothing had happened.",
                "Ctrl-C ends the waiting, not the cutover: --cancel takes it back.",
            ],
            Examples = ["pgbaton cutover --max-downtime 10 --on-switch './switch-app.sh'", "pgbaton cutover --cancel"],
        };
        foreach (var option in new Option[] { maxDowntime, onSwitch, noReverse, cancel, yes })
            command.Add(option);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (parsed.GetValue(cancel))
                return await CancelAsync(run, options, ct);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync("cutover", "make the target the writer", options, ct);
            return await RunAsync(run, options, new WordArguments
            {
                MaxDowntimeSeconds = parsed.GetValue(maxDowntime), OnSwitch = parsed.GetValue(onSwitch), NoReverse = parsed.GetValue(noReverse),
            }, ct);
        });
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, WordArguments arguments, CancellationToken ct)
    {
        var outcome = await run.SayAsync(options, "cutover", arguments, ct);

        var exitCode = CommandRun.Answer(outcome);
        var status = await Migration.StatusAsync(options, ct);
        run.Result["writer"] = status.Writer;
        run.Result["downtime_seconds"] = status.DowntimeSeconds ?? run.Picture.DowntimeSeconds;
        await run.Text.WriteLineAsync(
            (status.DowntimeSeconds ?? run.Picture.DowntimeSeconds) is { } downtime
                ? $"The target is the writer. Nobody could write for {Say.Duration(downtime)}."
                : "The target is the writer.");
        await MigrateCommand.TellSlotAsync(run.Text, status);
        return exitCode;
    }

    static async Task<ExitCode> CancelAsync(CommandRun run, MigrationOptions options, CancellationToken ct)
    {
        var exitCode = CommandRun.Answer(await run.SayAsync(options, "cancel", new WordArguments(), ct));
        await run.Text.WriteLineAsync("The cutover is cancelled: the source is the writer.");
        return exitCode;
    }
}

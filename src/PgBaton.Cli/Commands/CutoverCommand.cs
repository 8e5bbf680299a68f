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
        var noReverse = OptionOf.Flag("--no-reverse", "give up the way back: no rollback after this cutover");
        var gap = OptionOf.SequenceGap();
        var rehearse = OptionOf.Flag("--rehearse", "do everything but the fence and the decision, and say what downtime it would cost; nothing stays");
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
            Examples = ["pgbaton cutover --rehearse", "pgbaton cutover --max-downtime 10 --on-switch './switch-app.sh'", "pgbaton cutover --cancel"],
        };
        foreach (var option in new Option[] { maxDowntime, onSwitch, noReverse, gap, rehearse, cancel, yes })
            command.Add(option);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (parsed.GetValue(cancel))
                return await CancelAsync(run, options, ct);
            var arguments = new WordArguments
            {
                MaxDowntimeSeconds = parsed.GetValue(maxDowntime), OnSwitch = parsed.GetValue(onSwitch), NoReverse = parsed.GetValue(noReverse),
                Rehearse = parsed.GetValue(rehearse), SequenceGap = parsed.GetValue(gap),
            };
            if (arguments.Rehearse)
                return await RehearseAsync(run, options, arguments, ct);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync("cutover", "make the target the writer", options, ct);
            return await RunAsync(run, options, arguments, ct);
        });
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, WordArguments arguments, CancellationToken ct)
    {
        var outcome = await run.SayAsync(options, "cutover", arguments, ct);

        var exitCode = CommandRun.Answer(outcome);
        await TellWriterAsync(run, options, ct);
        return exitCode;
    }

    /// <summary>Who it is now, and what it cost.</summary>
    internal static async Task TellWriterAsync(CommandRun run, MigrationOptions options, CancellationToken ct)
    {
        var status = await Migration.StatusAsync(options, ct);
        run.Result["writer"] = status.Writer;
        run.Result["downtime_seconds"] = status.DowntimeSeconds ?? run.Picture.DowntimeSeconds;
        await run.Text.WriteLineAsync(
            (status.DowntimeSeconds ?? run.Picture.DowntimeSeconds) is { } downtime
                ? $"The {status.Writer} is the writer. Nobody could write for {Say.Duration(downtime)}."
                : $"The {status.Writer} is the writer.");
        await MigrateCommand.TellSlotAsync(run.Text, status);
    }

    static async Task<ExitCode> RehearseAsync(CommandRun run, MigrationOptions options, WordArguments arguments, CancellationToken ct)
    {
        var exitCode = CommandRun.Answer(await run.SayAsync(options, "cutover", arguments, ct));
        if (run.Picture.Rehearsed is { } rehearsed)
        {
            run.Result["expected_downtime_seconds"] = rehearsed.ExpectedDowntimeSeconds;
            await run.Text.WriteLineAsync($"A cutover now would keep writers waiting for about {Say.Duration(rehearsed.ExpectedDowntimeSeconds)}. Nothing was closed, nothing stays.");
        }

        return exitCode;
    }

    static async Task<ExitCode> CancelAsync(CommandRun run, MigrationOptions options, CancellationToken ct)
    {
        var exitCode = CommandRun.Answer(await run.SayAsync(options, "cancel", new WordArguments(), ct));
        await run.Text.WriteLineAsync("The cutover is cancelled: the writers carry on where they are.");
        return exitCode;
    }
}

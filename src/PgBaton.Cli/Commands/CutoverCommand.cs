using System.CommandLine;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;
using PgBaton.Postgres;

namespace PgBaton.Cli.Commands;

/// <summary>Moves the writers to the target.</summary>
static class CutoverCommand
{
    public static Command Create()
    {
        var shared = new SwitchOptions("target");
        var noReverse = OptionOf.Flag("--no-reverse", "give up the way back: no rollback after this cutover");
        var rehearse = OptionOf.Flag("--rehearse", "do everything but the fence and the decision, and say what downtime it would cost; nothing stays");
        var cancel = OptionOf.Flag("--cancel", "lift the fence of a cutover that is under way");
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
        shared.AddTo(command);
        foreach (var option in new[] { noReverse, rehearse, cancel })
            command.Add(option);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (parsed.GetValue(cancel))
                return await CancelAsync(run, options, ct);
            var arguments = shared.Read(parsed) with { NoReverse = parsed.GetValue(noReverse), Rehearse = parsed.GetValue(rehearse) };
            if (arguments.Rehearse)
                return await RehearseAsync(run, options, arguments, ct);
            await shared.ConfirmAsync(parsed, "cutover", options, ct);
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
        if ((status.Writer == "target" ? options.Target : options.Source) is { Length: > 0 } text)
            await TellConnectionAsync(run, NewConnection.Of(status.Writer == "target" ? Side.Target : Side.Source, text));
        await MigrateCommand.TellSlotAsync(run.Text, status);
    }

    static async Task TellConnectionAsync(CommandRun run, NewConnection connection)
    {
        run.Result["connection"] = connection.Direct;
        run.Result["pooled_connection"] = connection.Pooled;
        foreach (var line in connection.Lines)
            await run.Text.WriteLineAsync(line);
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
        await run.Text.WriteLineAsync((await Migration.StatusAsync(options, ct)) is { Via: "offline", Writer: "none" }
            ? "The cutover is cancelled. The source stays closed for writers (--fence-first): \"pgbaton abort\" opens it."
            : "The cutover is cancelled: the writers carry on where they are.");
        return exitCode;
    }
}

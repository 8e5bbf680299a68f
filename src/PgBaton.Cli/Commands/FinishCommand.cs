using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>The end after a cutover.</summary>
static class FinishCommand
{
    public static Command Create()
    {
        var unlock = OptionOf.Flag("--unlock-source", "let the old source be written again");
        var report = OptionOf.Text("--report", "FILE", "first write the report of the migration, which needs the journal");
        var yes = OptionOf.Flag("--yes", "do not ask");
        var command = new CommandOf("finish", "give up the way back; drop slots, publications, gates and journal")
        {
            About =
            [
                "Possible while the target is the writer. There is no rollback any more afterwards. The old source stays read-only (default_transaction_read_only), so that a forgotten application cannot "
                + "write there unnoticed, unless --unlock-source is given.",
            ],
            Examples = ["pgbaton finish --report shop.html", "pgbaton finish --unlock-source --yes"],
        };
        command.Add(unlock);
        command.Add(report);
        command.Add(yes);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync("finish", "give up the way back", options, ct);
            if (parsed.GetValue(report) is { } file)
                await ReportCommand.WriteAsync(run, file, await Migration.ReportAsync(options, ct), ct);
            var arguments = new WordArguments { UnlockSource = parsed.GetValue(unlock) };
            var staysReadOnly = (await Migration.StatusAsync(options, ct)).StaysReadOnly;
            var outcome = await run.SayAsync(options, "finish", arguments, ct);

            var exitCode = CommandRun.Answer(outcome);
            await run.Text.WriteLineAsync("Finished: nothing of pgbaton is left on either server.");
            if (!arguments.UnlockSource)
            {
                await run.Text.WriteLineAsync(staysReadOnly == false
                    ? "The old source is not read-only (PB0802): nothing but you keeps an application from writing there now."
                    : "The old source stays read-only. To lift it: SET default_transaction_read_only = off; ALTER DATABASE … RESET default_transaction_read_only");
            }

            return exitCode;
        });
        return command;
    }
}

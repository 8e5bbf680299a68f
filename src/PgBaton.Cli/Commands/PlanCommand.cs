using System.CommandLine;
using System.Text.Json;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>The runbook: what a migration will take, and how a person would do it by hand.</summary>
static class PlanCommand
{
    public static Command Create()
    {
        var scope = new ScopeOptions();
        var markdown = OptionOf.Flag("--markdown", "as a Markdown page");
        var shell = OptionOf.Flag("--shell", "as a script for bash that does it by hand, with psql and pg_dump");
        var grants = OptionOf.Flag("--grants", "only the least rights that each side's role needs, as SQL");
        var command = new CommandOf("plan", "write the runbook: sizes, times, decisions, and every command of the way by hand")
        {
            About =
            [
                "What there is to move and how long that takes (from a sample that is copied into a temporary table), what needs a decision, and the way by hand of the "
                + "providers' guides, spelled out for these two databases. Changes nothing. Without --target its place in the commands stays open.",
            ],
            Examples = ["pgbaton plan --markdown > runbook.md", "pgbaton plan --shell > by-hand.sh", "pgbaton plan --grants"],
        };
        scope.AddTo(command);
        foreach (var option in (Option[])[markdown, shell, grants])
            command.Add(option);
        command.Run(async (run, parsed, ct) =>
        {
            var form = (parsed.GetValue(markdown), parsed.GetValue(shell), parsed.GetValue(grants)) switch
            {
                (false, false, false) => PlanText.Of,
                (true, false, false) => PlanMarkdown.Of,
                (false, true, false) => PlanShell.Of,
                (false, false, true) => (Func<MigrationPlan, IEnumerable<string>>)PlanText.GrantsOf,
                _ => throw Errors.Usage("--markdown, --shell and --grants exclude each other", detail: null, "Give one of them, or none."),
            };
            var options = scope.ReadForCheck(parsed);
            if (options.Offline)
                throw Errors.Usage("plan writes the way with logical replication, which --offline does without", detail: null, "Leave --offline out; \"pgbaton check --offline\" tells what it needs.");
            var plan = await Migration.PlanAsync(options, ct);
            run.Result["plan"] = JsonSerializer.SerializeToNode(plan, PgBatonJson.Default.MigrationPlan);
            foreach (var line in run.IsJson ? [] : form(plan))
                await run.Text.WriteLineAsync(Secrets.Remove(line));
            return ExitCode.Done;
        });
        return command;
    }
}

using System.CommandLine;
using PgBaton.Cli.Json;
using PgBaton.Cli.Options;
using PgBaton.Cli.Report;
using PgBaton.Evidence;

namespace PgBaton.Cli.Commands;

/// <summary>The evidence of a migration as one page.</summary>
static class ReportCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "where to write the page; - for standard output", Arity = ArgumentArity.ZeroOrOne };
        var command = new CommandOf("report", "write what the migration did, measured and proved as one HTML page")
        {
            About = ["Needs the target only, and a journal: write it before finish drops that (finish --report FILE does). With --json it is the result's field \"report\"."],
            Examples = ["pgbaton report migration.html", "pgbaton report --json | jq .report.steps"],
        };
        command.Add(file);
        command.Run(async (run, parsed, ct) =>
        {
            var path = parsed.GetValue(file);
            if (path is null && !run.IsJson)
                throw Errors.Usage("report needs the name of a file", detail: null, "\"pgbaton report FILE\" writes the page, \"pgbaton report --json\" prints it as JSON.");
            var report = await Migration.ReportAsync(GlobalOptions.Read(parsed), ct);
            if (run.IsJson)
                run.Result["report"] = EventWriter.FieldOf(report);
            if (path == "-")
                await Console.Out.WriteAsync(ReportPage.Of(report));
            else if (path is not null)
                await WriteAsync(run, path, report, ct);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes the page; what is there under that name is replaced.</summary>
    public static async Task WriteAsync(CommandRun run, string path, MigrationReport report, CancellationToken ct)
    {
        await File.WriteAllTextAsync(path, ReportPage.Of(report), ct);
        await run.Text.WriteLineAsync($"The report is in {path}.");
    }
}

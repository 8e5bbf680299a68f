using System.CommandLine;
using System.Text.Json.Nodes;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>Compares every row, while everything runs.</summary>
static class VerifyCommand
{
    public static Command Create()
    {
        var command = new CommandOf("verify", "compare every row on both sides at the same logical point, while writers run")
        {
            About = ["Exit code 0 means that every table in scope is equal, 4 that some differ."],
            Examples = ["pgbaton verify", "pgbaton verify --json | tail -1 | jq .tables"],
        };
        command.Run((run, parsed, ct) => RunAsync(run, GlobalOptions.Read(parsed), ct));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, CancellationToken ct)
    {
        WordOutcome outcome;
        await using (var migration = Migration.Open(options))
            outcome = await run.WatchAsync(migration, () => migration.SayAsync("verify", new WordArguments(), ct));

        var tables = await Migration.VerificationsAsync(options, ct);
        Tell(run, tables);
        var exitCode = CommandRun.Answer(outcome);
        if (exitCode == ExitCode.Done)
            await MigrateCommand.TellSlotAsync(run.Text, await Migration.StatusAsync(options, ct));
        return exitCode;
    }

    static void Tell(CommandRun run, IReadOnlyList<VerifiedTable> tables)
    {
        var width = Math.Clamp(tables.Select(table => Say.OneLine(table.Table).Length).DefaultIfEmpty(5).Max(), 5, 63);
        run.Text.WriteLine($"{"table".PadRight(width)} {"rows",15}  equal");
        foreach (var table in tables)
            run.Text.WriteLine($"{Say.Fit(Say.OneLine(table.Table), width).PadRight(width)} {Say.Count(table.Rows),15}  {(table.IsEqual ? "yes" : "NO")}");

        var points = tables.Where(table => table.Lsn is not null).Select(table => table.Lsn).Distinct().ToList();
        var equal = tables.Count(table => table.IsEqual);
        var where = points.Count == 1 ? $" at LSN {points[0]}" : points.Count > 1 ? $" at {points.Count} LSNs" : "";
        run.Text.WriteLine(equal == tables.Count
            ? $"{Say.Many(tables.Count, "table")} verified{where}: all equal"
            : $"{Say.Many(tables.Count, "table")} compared{where}: {tables.Count - equal} DIFFER");
        run.Result["tables"] = new JsonArray([.. tables.Select(table => new JsonObject
        {
            ["table"] = table.Table, ["rows"] = table.Rows, ["equal"] = table.IsEqual, ["lsn"] = table.Lsn,
        })]);
    }
}

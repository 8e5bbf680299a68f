using System.CommandLine;
using System.Text.Json.Nodes;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;
using PgBaton.Verify;

namespace PgBaton.Cli.Commands;

/// <summary>Compares every row, while everything runs.</summary>
static class VerifyCommand
{
    public static Command Create()
    {
        var show = OptionOf.Number("--show", "N", "list at most so many differing rows of a table (default 20)", 20);
        var counts = OptionOf.Flag("--counts", "compare numbers of rows only, which proves little and is not called verified");
        var values = OptionOf.Flag("--values", "show the values of the rows that are listed, not their keys only; they are kept in the journal");
        var repair = OptionOf.Flag("--repair", "make rows that differ what they are on the writer's side, then verify those tables again");
        var maxRate = OptionOf.Size("--max-rate", "SIZE", "read at most so much a second on each side, such as 50MB", 0);
        var cancel = OptionOf.Flag("--cancel", "end a comparison that is under way; a cutover or rollback that was said as well is taken back instead");
        var command = new CommandOf("verify", "compare every row on both sides at the same logical point, while writers run")
        {
            About =
            [
                "Exit code 0 means that every table in scope is equal, 4 that some differ. Rows are told by their keys; no other value is printed without --values.",
                "Killed, the same command goes on with the tables that are left. --repair holds the stream while the tables that differ are read once more.",
            ],
            Examples = ["pgbaton verify", "pgbaton verify --max-rate 50MB", "pgbaton verify --repair", "pgbaton verify --cancel", "pgbaton verify --json | tail -1 | jq .tables"],
        };
        foreach (var option in new Option[] { show, values, repair, maxRate, counts, cancel })
            command.Add(option);
        command.Run((run, parsed, ct) => parsed.GetValue(cancel) ? CancelAsync(run, GlobalOptions.Read(parsed), ct) : RunAsync(
            run, GlobalOptions.Read(parsed),
            new WordArguments
            {
                Show = parsed.GetValue(show), Counts = parsed.GetValue(counts), Values = parsed.GetValue(values), Repair = parsed.GetValue(repair),
                MaxRate = parsed.SizeOf(maxRate),
            },
            ct));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, WordArguments arguments, CancellationToken ct)
    {
        var outcome = await run.SayAsync(options, "verify", arguments, ct);

        if (!arguments.Counts && outcome.ExitCode is (int)ExitCode.Done or (int)ExitCode.Differs)
            Tell(run, await Migration.VerificationsAsync(options, ct));
        var exitCode = CommandRun.Answer(outcome);
        if (exitCode == ExitCode.Done)
            await MigrateCommand.TellSlotAsync(run.Text, await Migration.StatusAsync(options, ct));
        return exitCode;
    }

    static async Task<ExitCode> CancelAsync(CommandRun run, MigrationOptions options, CancellationToken ct)
    {
        var exitCode = CommandRun.Answer(await run.SayAsync(options, "cancel", new WordArguments(), ct));
        await run.Text.WriteLineAsync("Taken back. Tables that were done stay verified.");
        return exitCode;
    }

    static void Tell(CommandRun run, IReadOnlyList<TableVerification> tables)
    {
        var width = Math.Clamp(tables.Select(table => Say.OneLine(table.Table).Length).DefaultIfEmpty(5).Max(), 5, 63);
        run.Text.WriteLine($"{"table".PadRight(width)} {"rows",15}  equal");
        foreach (var table in tables)
        {
            run.Text.WriteLine($"{Say.Fit(Say.OneLine(table.Table), width).PadRight(width)} {Say.Count(table.Rows),15}  {(table.IsEqual ? "yes" : "NO")}");
            TellDifferences(run.Text, table);
        }

        var points = tables.Where(table => table.Lsn is not null).Select(table => table.Lsn).Distinct().ToList();
        var differing = tables.Count(table => !table.IsEqual);
        var where = points.Count == 1 ? $" at LSN {points[0]}" : points.Count > 1 ? $" at {points.Count} LSNs" : "";
        run.Text.WriteLine(differing == 0
            ? $"{Say.Many(tables.Count, "table")} verified{where}: all equal"
            : $"{Say.Many(tables.Count, "table")} compared{where}: {differing} DIFFER");
        run.Result["tables"] = new JsonArray([.. tables.Select(Json)]);
    }

    static void TellDifferences(TextWriter output, TableVerification table)
    {
        if (table.Reason is not null)
            output.WriteLine($"    {Say.OneLine(table.Reason)}");
        foreach (var row in table.Differences)
        {
            var where = row.Kind switch { DifferenceKind.Missing => "only on the source", DifferenceKind.Extra => "only on the target", _ => "other values" };
            output.WriteLine($"    {Say.OneLine(row.Key ?? $"row at {row.SourceCtid ?? row.TargetCtid}")}: {where}");
            foreach (var value in row.Values ?? [])
                output.WriteLine($"        {Say.OneLine(value.Column)}: {Values(row.Kind, value)}");
        }

        if (table.DifferenceCount > table.Differences.Count)
            output.WriteLine($"    and {Say.Count(table.DifferenceCount.Value - table.Differences.Count)} more");
    }

    static string Values(DifferenceKind kind, ColumnDifference value)
        => kind switch
        {
            DifferenceKind.Missing => Quoted(value.Source),
            DifferenceKind.Extra => Quoted(value.Target),
            _ => $"{Quoted(value.Source)} on the source, {Quoted(value.Target)} on the target",
        };

    static string Quoted(string? value) => value is null ? "null" : $"'{Say.OneLine(value)}'";

    static JsonObject Json(TableVerification table) => new()
    {
        ["table"] = table.Table, ["rows"] = table.Rows, ["target_rows"] = table.TargetRows, ["bytes"] = table.Bytes, ["digest"] = table.Digest,
        ["equal"] = table.IsEqual, ["lsn"] = table.Lsn, ["reason"] = table.Reason, ["difference_count"] = table.DifferenceCount, ["verified_at"] = table.At,
        ["differences"] = new JsonArray([.. table.Differences.Select(row => new JsonObject
        {
            ["kind"] = row.Kind.ToString().ToLowerInvariant(), ["key"] = row.Key, ["source_rows"] = row.SourceRows, ["target_rows"] = row.TargetRows,
            ["values"] = row.Values is null ? null : new JsonArray([.. row.Values.Select(value => new JsonObject
            {
                ["column"] = value.Column, ["source"] = value.Source, ["target"] = value.Target,
            })]),
        })]),
    };
}

using System.Text.Json.Nodes;
using PgBaton.Cli.Demo.Proofs;
using PgBaton.Cli.Demo.Writers;
using Spectre.Console;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo;

/// <summary>The last page: what it took, what the writers noticed, and what is proven.</summary>
sealed class DemoReport(Recorder recorder, IReadOnlyList<Writer> writers, IReadOnlyList<Proof> proofs, TimeSpan elapsed, TimeProvider time)
{
    /// <summary>What does not hold; empty if all is proven.</summary>
    public IReadOnlyList<Proof> Refuted => [.. proofs.Where(proof => !proof.Holds)];

    public void Write(CommandRun run)
    {
        var isFile = run.IsJson ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(run.Text), Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isFile ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isFile)
            console.Profile.Width = 1000; // Whoever reads it breaks the lines.
        Heading(console, "Steps");
        console.Write(Steps());
        Heading(console, "Figures");
        console.Write(Figures());
        Heading(console, "Writers");
        console.Write(OfWriters());
        Heading(console, "Proof");
        foreach (var proof in proofs)
        {
            var mark = proof.Holds ? "[green]✓[/]" : "[red]✗[/]";
            console.MarkupLine($" {mark} {Markup.Escape(proof.Claim)} [grey]· {Markup.Escape(OneLine(proof.Evidence))}[/]");
        }

        console.WriteLine();
        console.MarkupLine(Refuted.Count == 0
            ? $"[green bold]Proven[/] in {Duration(elapsed)}: nothing lost, nothing doubled; no writer had to wait longer than {Duration(Longest)}."
            : $"[red bold]NOT proven[/]: {Refuted.Count} of {proofs.Count} claims do not hold.");
        Fill(run.Result);
    }

    Table Steps()
    {
        var table = Plain("step", ">time");
        foreach (var (step, seconds) in recorder.Steps)
            table.AddRow(step, Duration(seconds));
        return table;
    }

    Table Figures()
    {
        var table = Plain("", "").HideHeaders();
        var (rows, bytes) = recorder.Copied;
        table.AddRow("copied", $"{Many(recorder.TablesCopied, "table")}, {Many(rows, "row")}, {Bytes(bytes)}, {Bytes(CopyRate)}/s");
        table.AddRow("verified by pgbaton", $"{Many(recorder.Verified.Count, "table")}, {Many(recorder.Verified.Values.Sum(v => v.Rows), "row")}");
        table.AddRow("largest lag", Lag(recorder.LargestLag));
        table.AddRow("lag before the cutover", Lag(recorder.LagAtCutover));
        table.AddRow("downtime by pgbaton's count", recorder.DowntimeSeconds is { } downtime ? Duration(downtime) : "unknown");
        table.AddRow("downtime as the writers saw it", $"{Duration(Shortest)} to {Duration(Longest)}");
        return table;
    }

    Table OfWriters()
    {
        var table = Plain("writer", "what it does", ">acknowledged", ">by the target", ">tried again", ">in doubt", ">waited");
        foreach (var writer in writers)
        {
            var ledger = writer.Ledger;
            table.AddRow(
                writer.Name, writer.Summary, Count(ledger.Acknowledged.Count), Count(ledger.Acknowledged.Count(ack => ack.Endpoint == "target")),
                Count(ledger.Refusals.Count), Count(ledger.UnknownOutcomes), Waited(ledger) is { } waited ? Duration(waited) : "never got over");
        }

        return table;
    }

    /// <summary>From the first writer's last acknowledgement by the source to its first one by the target.</summary>
    TimeSpan? Waited(Ledger ledger) => ledger.Handover() is { } handover ? time.GetElapsedTime(handover.From, handover.To) : null;

    TimeSpan Longest => writers.Max(writer => Waited(writer.Ledger)) ?? TimeSpan.Zero;

    TimeSpan Shortest => writers.Min(writer => Waited(writer.Ledger)) ?? TimeSpan.Zero;

    double CopyRate => recorder.Steps.Where(step => step.Step == "copy").Sum(step => step.Seconds) is > 0 and var seconds
        ? recorder.Copied.Bytes / seconds : 0;

    static string Lag(LagMeasured? lag) => lag is null ? "not measured" : $"{Bytes(lag.Bytes)}, {Duration(lag.Seconds)}";

    void Fill(JsonObject result)
    {
        result["proven"] = Refuted.Count == 0;
        result["seconds"] = elapsed.TotalSeconds;
        result["steps"] = new JsonArray([.. recorder.Steps.Select(step => new JsonObject { ["step"] = step.Step, ["seconds"] = step.Seconds })]);
        result["copied"] = new JsonObject
        {
            ["tables"] = recorder.TablesCopied, ["rows"] = recorder.Copied.Rows, ["bytes"] = recorder.Copied.Bytes, ["bytes_per_second"] = CopyRate,
        };
        result["lag"] = new JsonObject
        {
            ["largest_bytes"] = recorder.LargestLag?.Bytes, ["largest_seconds"] = recorder.LargestLag?.Seconds,
            ["at_cutover_bytes"] = recorder.LagAtCutover?.Bytes, ["at_cutover_seconds"] = recorder.LagAtCutover?.Seconds,
        };
        result["downtime"] = new JsonObject
        {
            ["seconds"] = recorder.DowntimeSeconds, ["fence_seconds"] = recorder.FenceSeconds,
            ["writers_shortest_seconds"] = Shortest.TotalSeconds, ["writers_longest_seconds"] = Longest.TotalSeconds,
        };
        result["writers"] = new JsonArray([.. writers.Select(writer => new JsonObject
        {
            ["writer"] = writer.Name, ["acknowledged"] = writer.Ledger.Acknowledged.Count, ["refused"] = writer.Ledger.Refusals.Count,
            ["unknown_outcomes"] = writer.Ledger.UnknownOutcomes, ["waited_seconds"] = Waited(writer.Ledger)?.TotalSeconds,
        })]);
        result["proofs"] = new JsonArray([.. proofs.Select(proof => new JsonObject
        {
            ["claim"] = proof.Claim, ["holds"] = proof.Holds, ["evidence"] = proof.Evidence,
        })]);
    }

    static void Heading(IAnsiConsole console, string text) => console.MarkupLine($"\n[bold]{text}[/]");

    // ">": aligned to the right.
    static Table Plain(params string[] columns)
    {
        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            var header = new TableColumn($"[grey]{column.TrimStart('>')}[/]").PadLeft(1).PadRight(1);
            table.AddColumn(column.StartsWith('>') ? header.RightAligned() : header);
        }

        return table;
    }
}

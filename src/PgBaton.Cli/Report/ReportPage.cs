using System.Text.Json.Nodes;
using PgBaton.Cli.Views;
using PgBaton.Evidence;
using static PgBaton.Cli.Report.Html;

namespace PgBaton.Cli.Report;

/// <summary>A report as one page that needs nothing else: no network, no script. Pure.</summary>
static class ReportPage
{
    public static string Of(MigrationReport report) => Secrets.Remove(
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>pgbaton: {Text(report.Name)}</title><style>{EmbeddedText.Read("report.css")}</style></head><body>
        <h1>Migration {Text(report.Name)}</h1>
        <p class="sub">{Text(report.Source.Address)} → {Text(report.Target.Address)}</p>
        {Summary(report)}
        {Section("Steps", Steps(report))}
        {Section("Lag", Lag(report))}
        {Section("Verification", Verification(report))}
        {Section("Tables", Tables(report))}
        {Section("Schema", Schema(report))}
        {Section("Findings", Findings(report))}
        {Section("What happened", Events(report))}
        <p class="sub">Written {Time(report.At)} by pgbaton {Text(report.Pgbaton)} from the journal in the target. It holds no value of any row.</p>
        </body></html>

        """);

    static string Section(string title, string content) => content.Length == 0 ? "" : $"<h2>{title}</h2>\n{content}";

    static string Summary(MigrationReport report)
    {
        var (rows, bytes) = (report.Tables.Sum(table => table.Rows ?? 0), report.Tables.Sum(table => table.Rows is null ? 0 : table.Bytes ?? 0));
        var equal = report.Verifications.Count(table => table.IsEqual);
        List<(string Name, string Value)> facts =
        [
            ("state", $"{Text(report.Status.State)}; the {Text(report.Status.Writer)} is the writer"),
            ("source", $"{Text(report.Source.Address)}, PostgreSQL {Text(report.Source.Version)}"),
            ("target", $"{Text(report.Target.Address)}, PostgreSQL {Text(report.Target.Version)}"),
            ("carried by", report.Status.Via switch { "relay" => "pgbaton", "subscription" => "the servers", "offline" => "nobody: one copy, no stream", var other => Text(other) }),
            ("moved", Text(Moved(report))),
            ("old source", report.Status.StaysReadOnly switch { true => "read-only by default, unless that was lifted", false => "<span class=\"bad\">not read-only: after finish it can be written again (PB0802)</span>", null => "" }),
            ("sessions ended", SessionsEnded(report)),
            ("began", Time(report.CreatedAt)),
            ("copied", $"{Say.Many(report.Tables.Count(table => table.Rows is not null), "table")}, {Say.Many(rows, "row")}, {Say.Bytes(bytes)}"),
            ("verified", equal == report.Tables.Count && equal > 0 ? $"<span class=\"good\">all {Say.Many(equal, "table")} equal</span>"
                : $"<span class=\"{(report.Verifications.Count > equal ? "bad" : "quiet")}\">{equal} of {Say.Many(report.Tables.Count, "table")} equal</span>"),
            ("downtime", Downtimes(report)),
            ("last error", report.Status.LastError is { } error ? $"<span class=\"bad\">{Text($"{error.Code}: {error.Message}")}</span>" : ""),
        ];
        return $"<dl>{string.Concat(facts.Where(fact => fact.Value.Length > 0).Select(fact => $"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>\n"))}</dl>";
    }

    // As it was chosen when it began.
    static string Moved(MigrationReport report)
    {
        var scope = JsonNode.Parse(report.Scope)!;
        (string Title, string Field)[] choices = [("only schemas", "schemas"), ("not schemas", "excluded_schemas"), ("only tables", "tables"), ("not tables", "excluded_tables"),
            ("taken along", "added_tables"), ("given up", "removed_tables")];
        var told = from choice in choices
                   let patterns = scope[choice.Field]?.AsArray().Select(pattern => (string?)pattern).ToList() ?? []
                   where patterns.Count > 0
                   select $"{choice.Title} {string.Join(" ", patterns)}";
        return string.Join("; ", told) is { Length: > 0 } text ? text : "the whole database";
    }

    static string Downtimes(MigrationReport report)
        => string.Join("; ", from reported in report.Events
                             let opened = reported.Happened switch
                             {
                                 TargetOpened target => (Side: "target", Seconds: target.DowntimeSeconds),
                                 SourceOpened source => (Side: "source", Seconds: source.DowntimeSeconds),
                                 _ => default,
                             }
                             where opened.Side is not null
                             select $"{Say.Duration(opened.Seconds)}, then the {opened.Side} was open ({Time(reported.At)})");

    // Of every move: an open transaction that was ended with its session has to be tried again.
    static string SessionsEnded(MigrationReport report)
        => string.Join("; ", report.Events.Select(reported => reported.Happened is SessionsEnded ended
            ? $"{Say.Many(ended.Count, "session")}, {Say.Many(ended.InTransaction, "open transaction")} ({Time(reported.At)})" : "").Where(told => told.Length > 0));

    static string Steps(MigrationReport report)
    {
        var runs = report.Runs;
        return Plot.Bars("the steps over time", [.. runs.Select(run => (run.Step, run.StartedAt, run.EndedAt, Told(run)))])
            + (runs.Count == 0 ? "" : Table(
                ["step", "what it does", "began", "time "],
                runs.Select(run => (IReadOnlyList<string>)[Text(run.Step), Text(run.Summary), Time(run.StartedAt), Text(Told(run))])))
            + (runs.Any(run => run.Step == "fence") ? "<p class=\"quiet\">The step fence counts what is made ready and compared while writers go on; how long nobody could write is the downtime.</p>" : "");
    }

    // How long, and how it ended.
    static string Told(ReportedRun run) => Say.Duration(run.EndedAt - run.StartedAt) + run.Ending switch
    {
        RunEnding.BrokenOff => run.Code is null ? ", broken off" : $", stopped: {run.Code}",
        RunEnding.Paused => ", then paused",
        RunEnding.Undone => ", taken back",
        RunEnding.Finished => ", then finished",
        RunEnding.GivenUp => ", given up",
        RunEnding.GoesOn => ", not done",
        _ => "",
    };

    static string Lag(MigrationReport report)
        => LagPlot(report.Lag, Plot.Width)?.Svg("bytes of WAL not yet applied, over time") ?? "";

    /// <summary>How far the target was behind; null where that was not measured twice.</summary>
    public static LinePlot? LagPlot(IReadOnlyList<ReportedLag> lag, double width)
        => LinePlot.Of([.. lag.Select(one => (one.At, (double)one.Bytes))], Say.Bytes, width);

    static string Verification(MigrationReport report)
        => report.Verifications.Count == 0 ? "" : Again(report) + Table(
            ["table", "rows ", "bytes ", "result", "digest", "at LSN", "all rows compared"],
            report.Verifications.Select(table => (IReadOnlyList<string>)
            [
                Text(table.Table), Say.Count(table.Rows), Say.Bytes(table.Bytes),
                table.IsEqual ? "<span class=\"good\">equal</span>" : $"<span class=\"bad\">DIFFERS</span> {Text(table.Reason)}",
                $"<code>{Text(table.Digest)}</code>", Text(table.Lsn), table.At is { } at ? Time(at) : "",
            ]));

    // Of rows that came after a table was compared whole, its line knows nothing.
    static string Again(MigrationReport report)
        => string.Concat(report.Events.Where(reported => reported.Happened is DeltaVerified).Select(reported => $"<p>{Time(reported.At)}: {Text(Sentence.Of(reported.Happened))}.</p>"));

    static string Tables(MigrationReport report)
        => report.Tables.Count == 0 ? "" : Table(
            ["table", "rows ", "bytes ", "time ", "rate "],
            report.Tables.Select(table => (IReadOnlyList<string>)
            [
                Text(table.Table), table.Rows is { } rows ? Say.Count(rows) : "", table.Bytes is { } bytes ? Say.Bytes(bytes) : "",
                table.Seconds is { } seconds ? Say.Duration(seconds) : "",
                table is { Bytes: > 0, Seconds: > 0 } ? $"{Say.Bytes(table.Bytes.Value / table.Seconds.Value)}/s" : "",
            ]));

    static string Schema(MigrationReport report)
    {
        if (report.Objects.Count == 0)
            return "";
        var kinds = Table(
            ["objects", "outcome", "count "],
            report.Objects.Select(objects => (IReadOnlyList<string>)[Text(objects.Kind), Text(objects.Outcome ?? "not made yet"), Say.Count(objects.Count)]));
        return report.Refused.Count == 0
            ? kinds : $"{kinds}<p>Not made, and why that is harmless:</p><ul>{string.Concat(report.Refused.Select(line => $"<li>{Text(line)}</li>"))}</ul>";
    }

    // The newest answer to each question: a run that was begun again has asked again.
    static string Findings(MigrationReport report)
    {
        var findings = report.Events.Select(reported => reported.Happened).OfType<FindingReported>().Select(reported => reported.Finding)
            .Where(finding => finding.Severity > Severity.Ok).GroupBy(finding => (finding.Code, finding.About)).Select(group => group.Last()).ToList();
        return findings.Count == 0 ? "" : Table(
            ["severity", "code", "finding"],
            findings.Select(finding => (IReadOnlyList<string>)
            [
                Text($"{finding.Severity}".ToLowerInvariant()), Text(finding.Code),
                $"{Text(finding.Message)}{(finding.Detail is null ? "" : $"<br><span class=\"quiet\">{Text(finding.Detail)}</span>")}",
            ]));
    }

    static string Events(MigrationReport report)
    {
        var happened = from reported in report.Events
                       where reported.Happened is not FindingReported
                       let sentence = Sentence.Of(reported.Happened)
                       where sentence is not null
                       select (IReadOnlyList<string>)[Time(reported.At), $"{reported.Epoch}", Text(sentence)];
        var end = report.Status.State switch // The journal has gone with it.
        {
            "finished" => "finished: both servers are cleaned",
            "aborted" => "aborted: everything is undone on both servers",
            _ => null,
        };
        return Table(["time", "engine ", "event"], end is null ? happened : happened.Append([Time(report.At), "", end]));
    }
}

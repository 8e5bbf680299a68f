using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>What the preflight found, worst first, each with what to do.</summary>
static class Findings
{
    public static ExitCode Tell(CommandRun run, CheckReport report)
    {
        foreach (var finding in report.Findings)
            run.WriteEvent(new FindingReported(finding));
        foreach (var finding in report.Findings.Where(finding => finding.Severity > Severity.Ok).OrderByDescending(finding => finding.Severity))
            Write(run.Text, finding);

        var (blockers, warnings) = (report.Count(Severity.Blocker), report.Count(Severity.Warning));
        run.Result["checks"] = report.Findings.Count;
        run.Result["blockers"] = blockers;
        run.Result["warnings"] = warnings;
        run.Text.WriteLine(
            $"{Say.Many(report.Findings.Count, "check")}: {Say.Many(blockers, "blocker")}, {Say.Many(warnings, "warning")}. "
            + (blockers > 0 ? "The migration cannot start yet." : "Next: pgbaton migrate"));
        return report.ExitCode;
    }

    static void Write(TextWriter output, Finding finding)
    {
        output.WriteLine(Secrets.Remove(Sentence.OfFinding(finding)));
        if (finding.Detail is not null)
            output.WriteLine($"        {Secrets.Remove(finding.Detail.ReplaceLineEndings("\n        "))}");
        if (finding.Fix is not null)
            output.WriteLine($"        fix: {Secrets.Remove(finding.Fix.ReplaceLineEndings("\n             "))}");
    }
}

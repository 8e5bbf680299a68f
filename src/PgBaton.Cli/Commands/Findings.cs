using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>What the preflight found, worst first, each with what to do.</summary>
static class Findings
{
    public static ExitCode Tell(CommandRun run, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Where(finding => finding.Severity > Severity.Ok).OrderByDescending(finding => finding.Severity))
            Write(run.Text, finding);

        var blockers = findings.Count(finding => finding.Severity == Severity.Blocker);
        var warnings = findings.Count(finding => finding.Severity == Severity.Warning);
        run.Result["checks"] = findings.Count;
        run.Result["blockers"] = blockers;
        run.Result["warnings"] = warnings;
        var counts = $"{Say.Many(findings.Count, "check")}: {Say.Many(blockers, "blocker")}, {Say.Many(warnings, "warning")}";
        run.Text.WriteLine(blockers > 0 ? $"{counts}. The migration cannot start yet." : $"{counts}. Next: pgbaton migrate");
        return blockers > 0 ? ExitCode.Blocked : ExitCode.Done;
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

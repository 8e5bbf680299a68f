namespace PgBaton.Cli.Views;

/// <summary>A plan as a script for bash. What blocks the migration stops it before its first command. Pure.</summary>
static class PlanShell
{
    public static IEnumerable<string> Of(MigrationPlan plan)
    {
        yield return "#!/usr/bin/env bash";
        yield return $"# From {OneLine(plan.Source)} to {OneLine(plan.Target ?? "a target that is still to be chosen")}, by hand: written by pgbaton plan.";
        yield return "# Not carried: large objects, unlogged tables, rows of extensions, settings of the database (ALTER DATABASE ... SET), DDL while it runs. Once begun, it cannot be run a second time as it is.";
        yield return "set -euo pipefail";
        foreach (var line in plan.Decisions.Where(IsInTheWay).SelectMany(Stop))
            yield return line;
        foreach (var (step, number) in plan.Steps.Select((step, i) => (step, i + 1)))
        {
            yield return "";
            if (step.Why.Length > 0)
                yield return $"# {OneLine(step.Why)}";
            yield return $"echo '{number}. {step.Title.Replace("'", "'\\''", StringComparison.Ordinal)}'";
            foreach (var line in Command(step))
                yield return line;
        }
    }

    // The script itself sees to tables without an identity, and needs no right that only pgbaton uses.
    static bool IsInTheWay(Finding finding) => finding is { Severity: Severity.Blocker, Code: not "PB1050" };

    static IEnumerable<string> Stop(Finding finding)
        => ["", $"echo {Quote($"{finding.Code}: {finding.Message}")} >&2", .. (finding.Fix ?? "").Split('\n').Where(line => line.Length > 0).Select(line => $"# {line}"),
            "[[ ${IGNORE-} == 1 ]] || exit 3"];

    static IEnumerable<string> Command(PlanStep step) => step.Where == "shell" ? step.Command.Split('\n') : [$"on_{step.Where} <<'SQL'", .. step.Command.Split('\n'), "SQL"];

    static string Quote(string text) => $"'{OneLine(text).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}

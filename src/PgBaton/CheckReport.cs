namespace PgBaton;

/// <summary>Every answer of a preflight.</summary>
/// <param name="Findings">In the order of the table of checks; those that are fine too.</param>
public sealed record CheckReport(IReadOnlyList<Finding> Findings)
{
    /// <summary>How many of that severity.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    /// <summary>Done, or Blocked where a migration would not start.</summary>
    public ExitCode ExitCode => Count(Severity.Blocker) > 0 ? ExitCode.Blocked : ExitCode.Done;
}

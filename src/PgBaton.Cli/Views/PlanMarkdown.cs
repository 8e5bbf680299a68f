namespace PgBaton.Cli.Views;

/// <summary>A plan as a page for a wiki or a ticket. Pure.</summary>
static class PlanMarkdown
{
    public static IEnumerable<string> Of(MigrationPlan plan)
        =>
        [
            $"# From `{plan.Source}` to `{plan.Target ?? "a target that is still to be chosen"}`", "",
            .. PlanText.SizesOf(plan.Sizes).Select(line => $"- {Escape(line)}"), "",
            .. Section("To decide, to mend first, or to know", plan.Decisions.SelectMany(DecisionOf)),
            "## With pgbaton", "",
            .. StepsOf(plan.Own),
            "## By hand, with PostgreSQL's own tools and replication", "",
            .. StepsOf(plan.Steps),
            "## Rights", "",
            .. plan.Grants.SelectMany(step => StepOf(step.Title, step)),
            .. plan.Addresses is null ? [] : Section("Addresses to let in", Code("", string.Join('\n', PlanText.AddressesOf(plan.Addresses)))),
        ];

    static IEnumerable<string> Section(string title, IEnumerable<string> lines) => lines.Any() ? [$"## {title}", "", .. lines] : [];

    static IEnumerable<string> StepsOf(IEnumerable<PlanStep> steps)
        => steps.SelectMany((step, i) => StepOf($"{i + 1}. {step.Title}{(step.IsDowntime ? " (nobody can write)" : "")}", step));

    static IEnumerable<string> DecisionOf(Finding finding)
        => [$"- **{finding.Severity}** {finding.Code}: {Escape(finding.Message)}{(finding.Detail is null ? "" : $" — {Escape(finding.Detail)}")}", .. finding.Fix is null ? [] : Code("", finding.Fix)];

    static IEnumerable<string> StepOf(string title, PlanStep step)
        => [$"### {title}", "", .. step.Why.Length > 0 ? (string[])[Escape(step.Why), ""] : [], .. Code(step.Where == "shell" ? "sh" : "sql", (step.Where == "shell" ? "" : $"-- on the {step.Where}\n") + step.Command)];

    // A fence longer than any in the text.
    static IEnumerable<string> Code(string language, string text)
    {
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return ["", fence + language, .. text.TrimEnd().Split('\n'), fence, ""];
    }

    // Names of tables may hold anything.
    static string Escape(string text) => string.Concat(text.Select(c => c is '*' or '_' or '`' or '<' or '>' or '[' or ']' or '\\' ? $"\\{c}" : c.ToString()));
}

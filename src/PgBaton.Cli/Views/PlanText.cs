using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Views;

/// <summary>A plan as lines for a terminal. Pure.</summary>
static class PlanText
{
    public static IEnumerable<string> Of(MigrationPlan plan)
        =>
        [
            $"From {plan.Source} to {plan.Target ?? "a target that is still to be chosen"}", "",
            .. SizesOf(plan.Sizes), "",
            .. DecisionsOf(plan.Decisions),
            "With pgbaton (bash):", "",
            .. StepsOf(plan.Own),
            "By hand, with PostgreSQL's own tools and replication (bash):", "",
            .. StepsOf(plan.Steps),
            .. AddressesOf(plan.Addresses),
            "The least rights of each role: pgbaton plan --grants",
        ];

    public static IEnumerable<string> GrantsOf(MigrationPlan plan)
        => plan.Grants.SelectMany(step => (string[])[$"-- {step.Title}: {step.Why}", .. step.Command.Split('\n'), ""]);

    /// <summary>One line for each; what could not be measured is left out.</summary>
    public static IEnumerable<string> SizesOf(PlanSizes sizes)
    {
        yield return $"Tables:     {Count(sizes.Tables)}, {Bytes(sizes.TableBytes)}, and {Bytes(sizes.IndexBytes)} of indexes; {Count(sizes.Sequences)} sequences";
        if (sizes.LargestTable is { } largest)
            yield return $"Largest:    {largest}";
        yield return $"Disk:       {Bytes(sizes.DiskBytes)} free on the target, 150 % of what the source takes";
        if (sizes is { CopyBytesPerSecond: { } pace, CopySeconds: { } seconds })
            yield return $"Copy:       about {Duration(seconds)}, by a sample at {Bytes(pace)}/s with one connection; building the indexes comes on top";
        if (sizes.WalBytesPerSecond is { } wal)
            yield return $"WAL:        {Bytes(wal)}/s now{(sizes.WalBytes is { } kept ? $", so that the slot keeps {Bytes(kept)} during the copy" : "")}";
    }

    /// <summary>Whom the source's firewall has to let in for a subscription, how, and the warning that goes with it.</summary>
    public static IEnumerable<string> AddressesOf(PlanAddresses? addresses)
        => addresses is null ? [] :
        [
            "Addresses to let in, if the target's servers are to subscribe (by hand, or --via subscription); pgbaton itself connects to both sides:", "",
            addresses.List.Count > 0
                ? $"The servers of {addresses.Provider} in {addresses.Region} connect from {string.Join(", ", addresses.List)} (list of {addresses.AsOf:yyyy-MM-dd}; it changes). {addresses.From}"
                : $"From where the servers of {addresses.Provider}{(addresses.Region is null ? "" : $" in {addresses.Region}")} connect is not known here. {addresses.From}",
            "Let in these only, and never 0.0.0.0/0: that is everybody, and a password is then all that protects the data.", "",
            .. Lines(addresses.Command, "     "), "",
        ];

    static IEnumerable<string> StepsOf(IEnumerable<PlanStep> steps)
        => steps.SelectMany((step, i) => (string[])[$"{i + 1}. {step.Title}{Place(step)}", .. Lines(step.Why, "   "), .. Lines(step.Command, "     "), ""]);

    static IEnumerable<string> DecisionsOf(IReadOnlyList<Finding> decisions)
        => decisions.Count == 0 ? [] :
        [
            "To decide, to mend first, or to know:", "",
            .. decisions.SelectMany(finding => (string[])[$"  {Sentence.OfFinding(finding)}", .. Lines(finding.Detail ?? "", "          "), .. Lines(finding.Fix ?? "", "      ")]), "",
        ];

    static string Place(PlanStep step) => (step.Where == "shell" ? "" : $" (SQL on the {step.Where})") + (step.IsDowntime ? ", nobody can write" : "");

    static IEnumerable<string> Lines(string text, string indent) => text.Length == 0 ? [] : text.Split('\n').Select(line => indent + line);
}

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
            "With pgbaton:", "",
            "    pgbaton check", "    pgbaton migrate", "    pgbaton verify", "    pgbaton cutover", "    pgbaton finish", "",
            "By hand, with PostgreSQL's own tools and replication (bash):", "",
            .. plan.Steps.SelectMany((step, i) => (string[])[$"{i + 1}. {step.Title}{Place(step)}", .. Lines(step.Why, "   "), .. Lines(step.Command, "     "), ""]),
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
        yield return $"Disk:       {Bytes(sizes.DiskBytes)} free on the target";
        if (sizes is { CopyBytesPerSecond: { } pace, CopySeconds: { } seconds })
            yield return $"Copy:       about {Duration(seconds)}, by a sample at {Bytes(pace)}/s with one connection; building the indexes comes on top";
        if (sizes.WalBytesPerSecond is { } wal)
            yield return $"WAL:        {Bytes(wal)}/s now{(sizes.WalBytes is { } kept ? $", so that the slot keeps {Bytes(kept)} during the copy" : "")}";
    }

    /// <summary>The command that opens a security group; the warning that goes with it.</summary>
    public static IEnumerable<string> AddressesOf(PlanAddresses? addresses)
        => addresses is null ? [] :
        [
            $"The target's servers in {addresses.Region} connect from these addresses (as of {addresses.AsOf:yyyy-MM-dd}; the list changes). Let in no others, above all not 0.0.0.0/0:", "",
            .. addresses.List.Select(address => $"     aws ec2 authorize-security-group-ingress --group-id SECURITY_GROUP --protocol tcp --port 5432 --cidr {address}/32"), "",
        ];

    static IEnumerable<string> DecisionsOf(IReadOnlyList<Finding> decisions)
        => decisions.Count == 0 ? [] :
        [
            "To decide or to mend first:", "",
            .. decisions.SelectMany(finding => (string[])[$"  {Sentence.OfFinding(finding)}", .. Lines(finding.Fix ?? "", "      ")]), "",
        ];

    static string Place(PlanStep step) => (step.Where == "shell" ? "" : $" (SQL on the {step.Where})") + (step.IsDowntime ? ", nobody can write" : "");

    static IEnumerable<string> Lines(string text, string indent) => text.Length == 0 ? [] : text.Split('\n').Select(line => indent + line);
}

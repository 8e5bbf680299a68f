namespace PgBaton.Runbook;

/// <summary>
/// The way with pgbaton, command by command, in the order in which they are given; underneath each, what the table of steps says that it does. Passwords
/// are variables of the shell. Pure.
/// </summary>
static class WithPgbaton
{
    public static IReadOnlyList<PlanStep> Steps(PlanFacts facts)
    {
        var scope = ScopeWords.Of(facts.Options);
        return
        [
            Shell(facts),
            new("Ask every question", $"{Told("check")} What blocks is mended first.", "shell", $"pgbaton check{scope}"),
            new("Copy, until both are in sync", $"{Told("slot", "pre-data", "copy", "post-data", "follow")} {Made(facts)}", "shell", $"pgbaton migrate{scope} --until in-sync"),
            new("Follow, in a terminal of its own", "The same command goes on where it was. It has to run until the end; killed, it is given again.", "shell", $"pgbaton migrate{scope} &"),
            new("Compare every row", "While the application writes; as often as one likes.", "shell", "pgbaton verify"),
            new("Rehearse the cutover", "Closes nothing, and tells how long nobody could write.", "shell", "pgbaton cutover --rehearse"),
            new("Cut over", $"{Told("fence", "sequences", "reverse", "open")} Then the application gets its new connection string: {facts.Target.Uri}", "shell", "pgbaton cutover --yes", IsDowntime: true),
            new("Back, if need be", $"{Told("return")} No write of the target is lost.", "shell", "# pgbaton rollback --yes"),
            new("End it", $"{Told("clean")} From here on there is no way back. The old source stays closed.", "shell", "pgbaton finish --yes\nwait"),
        ];
    }

    static PlanStep Shell(PlanFacts facts) => new(
        "Prepare the shell", "Passwords come from the environment, and are shown to nobody.", "shell",
        $$"""
        {{ShellText.Password("SOURCE", facts.Source)}}
        {{ShellText.Password("TARGET", facts.Target)}}
        password=${SOURCE_PASSWORD//\\/\\\\}
        export PGBATON_SOURCE={{ShellText.Quoted(facts.Source.Keywords)}}" password='${password//\'/\\\'}'"
        password=${TARGET_PASSWORD//\\/\\\\}
        export PGBATON_TARGET={{ShellText.Quoted(facts.Target.Keywords)}}" password='${password//\'/\\\'}'"{{(facts.Options.Name is { } name ? $"\nexport PGBATON_NAME={ShellText.Quoted(name)}" : "")}}
        """);

    static string Told(params string[] steps)
        => string.Join(' ', Migration.Steps.Where(step => steps.Contains(step.Name)).Select(step => $"{step.Name}: {step.Summary}{(step.Undo is { } undo ? $" (abort: {undo})" : "")}."));

    static string Made(PlanFacts facts)
    {
        var name = facts.OwnName is { } known ? $"pgbaton_{known}" : "pgbaton_NAME";
        return $"Made on the source: publication and slot {name}, schema pgbaton, a trigger that stays asleep until the cutover on each of {facts.Tables.Count} tables"
            + (facts.Options.ReplicaIdentityFull && facts.WithoutIdentity.Any() ? $", REPLICA IDENTITY FULL on {string.Join(", ", facts.WithoutIdentity)} (--replica-identity full)" : "")
            + $". On the target: the schema, schema pgbaton with the journal, the same triggers; for the way back publication and slot {name}_back. finish and abort take all of it away.";
    }
}

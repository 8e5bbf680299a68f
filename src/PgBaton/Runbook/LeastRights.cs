using PgBaton.Postgres;

namespace PgBaton.Runbook;

/// <summary>The least rights that the roles need, as SQL for somebody who may grant them.</summary>
static class LeastRights
{
    public static IReadOnlyList<PlanStep> Of(PlanFacts facts) => [OnSource(facts), OnTarget(facts)];

    static PlanStep OnSource(PlanFacts facts)
    {
        var role = Sql.Identifier(facts.Source.User);
        List<string> commands =
        [
            facts.SourceProvider.GrantReplication(role),
            $"GRANT CONNECT, CREATE ON DATABASE {Sql.Identifier(facts.Source.Database)} TO {role};",
            .. facts.Owners.Select(owner => $"GRANT {Sql.Identifier(owner)} TO {role};"),
        ];
        return new("On the source", "To replicate; for the publication, and pgbaton's schema with the gate; ownership of the tables, which a publication and a trigger need.",
            "source", string.Join('\n', commands));
    }

    static PlanStep OnTarget(PlanFacts facts)
    {
        var role = Sql.Identifier(facts.Target.User);
        var major = facts.TargetVersion?.Major ?? ServerVersion.OldestTargetMajor;
        List<string> commands = [$"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {Sql.Identifier(facts.Target.Database)} TO {role};"];
        if (major >= 15)
            commands.Add($"GRANT SET ON PARAMETER session_replication_role TO {role};  -- if the provider allows it: triggers and foreign keys need not wait");
        if (major >= 16)
            commands.Add($"GRANT pg_create_subscription TO {role};  -- for the way by hand only");
        commands.Add($"ALTER ROLE {role} REPLICATION;  -- for the way back");
        return new("On the target", "To make and own everything; the rest only where its comment says so.", "target", string.Join('\n', commands));
    }
}

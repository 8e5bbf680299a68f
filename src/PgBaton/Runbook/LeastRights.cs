using PgBaton.Postgres;
using PgBaton.Preflight;
using PgBaton.Providers;

namespace PgBaton.Runbook;

/// <summary>The least rights that the roles need, as SQL for somebody who may grant them.</summary>
static class LeastRights
{
    // What membership in the tables' owners does not bring: $1 tables, $2 those owners.
    const string Missing =
        """
        SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I;', n.nspname, current_user)
          FROM pg_catalog.pg_namespace n
         WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.pg_get_userbyid(n.nspowner) <> ALL ($2)
           AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.oid = ANY ($1))
         UNION ALL
        SELECT pg_catalog.format('GRANT SELECT ON SEQUENCE %I.%I TO %I;', n.nspname, c.relname, current_user)
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = ANY ($1) AND pg_catalog.pg_get_userbyid(c.relowner) <> ALL ($2)
           AND CASE WHEN c.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE false END
         ORDER BY 1 DESC
        """;

    public static async Task<IReadOnlyList<PlanStep>> ListAsync(Servers servers, PlanFacts facts, CancellationToken ct)
    {
        var missing = await servers.Source.Connection.QueryAsync(
            Missing, row => row.GetString(0), ct, facts.Tables.Select(table => table.Oid).Concat(facts.Sequences.Select(sequence => sequence.Oid)).ToArray(), facts.Owners.Select(owner => owner.Name).ToArray());
        return [OnSource(facts, missing, servers.Tables.Any(table => table.HidesRows)), OnTarget(facts, await ClosedSchemas.ListAsync(servers, ct))];
    }

    static PlanStep OnSource(PlanFacts facts, IReadOnlyList<string> missing, bool hidesRows)
    {
        var role = Sql.Identifier(facts.Source.User);
        List<string> commands =
        [
            Replication(facts.SourceProvider, role),
            $"GRANT CONNECT, CREATE ON DATABASE {Sql.Identifier(facts.Source.Database)} TO {role};",
            .. facts.Owners.Select(owner => owner.GrantTo(role)),
            .. missing,
            .. hidesRows ? (string[])[$"ALTER ROLE {role} BYPASSRLS;  -- policies would hide rows from the copy"] : [],
            $"GRANT pg_signal_backend TO {role};  -- for the cutover, to end sessions of roles that are none of the owners",
            .. Subscribing(facts, role, facts.SourceVersion, "the way back with --via subscription"),
        ];
        return new("On the source", "To replicate; for the publication, and pgbaton's schema with the gate; ownership of the tables, which a publication and a trigger need.",
            "source", string.Join('\n', commands.Prepend(Where(facts.Source))));
    }

    static PlanStep OnTarget(PlanFacts facts, IReadOnlyList<(string Schema, string Role)> closed)
    {
        var role = Sql.Identifier(facts.Target.User);
        var version = facts.TargetVersion ?? new ServerVersion(ServerVersion.OldestTargetMajor * 10000);
        List<string> commands =
        [
            $"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {Sql.Identifier(facts.Target.Database)} TO {role};",
            .. closed.Select(lack => $"GRANT CREATE ON SCHEMA {Sql.Identifier(lack.Schema)} TO {Sql.Identifier(lack.Role)};  -- it is there already"),
            .. facts.Options.TargetOwner is { } owner ? (string[])[$"GRANT {Sql.Identifier(owner)} TO {role};  -- who is to own everything"] : [],
        ];
        if (version.HasParameterPrivileges)
            commands.Add($"GRANT SET ON PARAMETER session_replication_role TO {role};  -- if the provider allows it: triggers and foreign keys need not wait");
        commands.AddRange(Subscribing(facts, role, version, "--via subscription"));
        if (version.Major >= 16 && facts.Options.Via != Via.Subscription)
            commands.Add($"GRANT pg_create_subscription TO {role};  -- for the way by hand only");
        commands.Add($"{Replication(facts.TargetProvider ?? Home.SelfHosted, role)}  -- for the way back");
        commands.Add($"GRANT pg_signal_backend TO {role};  -- for the way back, as on the source");
        return new("On the target", "To make and own everything; the rest only where its comment says so.", "target", string.Join('\n', commands.Prepend(Where(facts.Target))));
    }

    static string Where(PlanServer server) => $"-- in database {Sql.Identifier(server.Database).ReplaceLineEndings(" ")}";

    // With some providers it is no SQL, but something to do in their console.
    static string Replication(Provider provider, string role)
    {
        var grant = provider.GrantReplication(role);
        return grant.EndsWith(';') ? grant : $"-- {grant}";
    }

    static IEnumerable<string> Subscribing(PlanFacts facts, string role, ServerVersion version, string what)
    {
        if (facts.Options.Via != Via.Subscription)
            yield break;
        if (version.Major >= 16)
            yield return $"GRANT pg_create_subscription TO {role};  -- for {what}; before 16 it takes a superuser";
        yield return $"GRANT EXECUTE ON FUNCTION pg_catalog.pg_replication_origin_advance(text, pg_lsn), pg_catalog.pg_replication_origin_progress(text, boolean) TO {role};  -- for {what}";
    }
}

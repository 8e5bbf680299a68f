using PgBaton.Postgres;
using PgBaton.Preflight;

namespace PgBaton.Runbook;

/// <summary>
/// The way of the providers' guides, with PostgreSQL's own tools and replication, spelled out for these two databases. Every command is whole; passwords
/// are variables of the shell. Pure.
/// </summary>
static class ByHand
{
    public static IReadOnlyList<PlanStep> Steps(PlanFacts facts) =>
    [
        Shell(facts),
        .. Refused(facts),
        Schema(facts),
        .. Held(facts),
        .. Identities(facts),
        new("Publish the tables", "Each by name, partitions too: with only their root published, one that is detached and attached again loses rows.", "source", Publication(facts)),
        Subscription(facts),
        new("Wait until every row is copied", "The target copies each table, then follows. From 15 on, an error of the target disables the subscription, which ends this step; before, it tries again and again: see the target's log.", "shell", WaitForCopy(facts)),
        new("Analyse", "Without statistics the first queries of the application are slow. What is no table of ours is passed over with a warning, which is not shown.", "target",
            "SET client_min_messages = error;\nANALYZE;"),
        new("Stop the application", "From here on nobody can write.", "shell",
            """
            is_subscribed || exit 1
            [[ ${YES-} == 1 ]] || read -rp "Stop the application now, then press Return. "
            """, IsDowntime: true),
        StopWriters(facts),
        new("Wait for the last change", "Everything that was written is on the target.", "shell", WaitForLast(facts), IsDowntime: true),
        .. Sequences(facts),
        .. Counts(facts),
        .. Views(facts),
        .. Freed(facts),
        new("Let the application go on", "With its new connection string.", "shell", $"echo {ShellText.Quoted($"The application's new home: {facts.Target.Uri}")}"),
        CleanTarget(facts),
        CleanSource(facts),
    ];

    static PlanStep Shell(PlanFacts facts) => new(
        "Prepare the shell", "Passwords come from the environment; psql, pg_dump and the shell never show them to others.", "shell",
        $$"""
        SOURCE={{ShellText.Quoted(facts.Source.Keywords)}}
        TARGET={{ShellText.Quoted(facts.Target.Keywords)}}
        {{ShellText.Password("SOURCE", facts.Source)}}
        {{ShellText.Password("TARGET", facts.Target)}}
        on_source() { PGPASSWORD=$SOURCE_PASSWORD psql -X -q -v ON_ERROR_STOP=1 "$@" "$SOURCE"; }
        on_target() { PGPASSWORD=$TARGET_PASSWORD psql -X -q -v ON_ERROR_STOP=1 "$@" "$TARGET"; }
        export PGCLIENTENCODING=UTF8
        is_subscribed() {
            [[ $(on_target -At -c "SELECT subenabled FROM pg_subscription WHERE subname = '{{facts.Name}}' AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())") == t ]] && return
            echo 'The subscription is disabled: the log of the target says why. To give up: DROP SUBSCRIPTION {{facts.Name}}; on the target takes its slot along.' >&2
            return 1
        }
        """);

    static IEnumerable<PlanStep> Refused(PlanFacts facts)
    {
        if (facts.GeneratedKeys.Count > 0)
            yield return new(
                "See what cannot be done by hand", "A subscription finds rows by the primary key of its own table, and a generated column does not come: the first UPDATE or DELETE would end it. pgbaton itself can.", "shell",
                $"""
                echo {ShellText.Quoted($"A generated column is part of the primary key: {Listing.Of(facts.GeneratedKeys)}")} >&2
                {"[[ ${IGNORE-} == 1 ]] || exit 3"}
                """);
    }

    static PlanStep Schema(PlanFacts facts)
    {
        var options = facts.Options;
        var scope = string.Concat(
            options.Schemas.Select(pattern => $" --schema={ShellText.Quoted(pattern)}")
                .Concat(options.ExcludedSchemas.Select(pattern => $" --exclude-schema={ShellText.Quoted(pattern)}"))
                .Concat(options.Tables.Select(pattern => $" --table={ShellText.Quoted(pattern)}"))
                .Concat(options.ExcludedTables.Select(pattern => $" --exclude-table={ShellText.Quoted(pattern)}")));
        return new(
            "Copy the schema", "pg_dump must not be older than either server. A command that the target refuses ends this step, and nothing of it stays.", "shell",
            $"""
            PGPASSWORD=$SOURCE_PASSWORD pg_dump --schema-only --no-owner --no-privileges --no-publications --no-subscriptions{scope} "$SOURCE" |
                sed{string.Concat(LeftOut(facts).Select(lines => $" -e {ShellText.Quoted(lines)}"))} |
                on_target --single-transaction -o /dev/null
            """);
    }

    // Lines of pg_dump that the target would refuse, and can do without.
    static IEnumerable<string> LeftOut(PlanFacts facts)
    {
        yield return "/^COMMENT ON EXTENSION /d"; // Whoever makes an extension gets its comment; it may belong to another role.
        if (facts.TargetVersion?.Major is null or < 17)
            yield return "/^SET transaction_timeout = /d"; // A newer pg_dump writes it for every server.
        if (!facts.OwnsPublic)
            yield return "/^COMMENT ON SCHEMA public IS /,/;$/d";
        foreach (var extension in facts.LeftOut)
            yield return $"/^CREATE EXTENSION IF NOT EXISTS \"\\{{0,1\\}}{extension}\"\\{{0,1\\}} /d";
    }

    static IEnumerable<PlanStep> Held(PlanFacts facts)
    {
        if (facts.Held.Count > 0)
            yield return new(
                "Hold what acts on replicated rows", "Triggers that fire for them would do twice what the source has done; row level security that is forced keeps a subscription from writing.", "target",
                string.Join('\n', facts.Held.Select(held => held.Hold)));
    }

    static IEnumerable<PlanStep> Freed(PlanFacts facts)
    {
        if (facts.Held.Count > 0)
            yield return new("Let it act again", "As on the source.", "target", string.Join('\n', facts.Held.Select(held => held.Free)), IsDowntime: true);
    }

    static IEnumerable<PlanStep> Identities(PlanFacts facts)
    {
        var tables = facts.WithoutIdentity.ToList();
        if (tables.Count > 0)
            yield return new(
                "Say what identifies a row", "Without it the application's UPDATE and DELETE would fail as soon as the tables are published. Put back at the end.", "source",
                string.Join('\n', tables.Select(table => $"ALTER TABLE ONLY {table} REPLICA IDENTITY FULL;")));
    }

    static string Publication(PlanFacts facts)
        => facts.Tables.Count == 0 ? $"CREATE PUBLICATION {facts.Name};"
            : $"CREATE PUBLICATION {facts.Name} FOR TABLE\n    {string.Join(",\n    ", facts.Tables.Select(table => $"ONLY {table}"))};";

    static PlanStep Subscription(PlanFacts facts)
    {
        // Where the target is still to be chosen, it may be one that does not know them. Of origin the publisher has to know, too; before 12, it could not even answer.
        var options = (facts.TargetVersion?.Major >= 15 ? ", disable_on_error = true" : "")
            + (facts is { TargetVersion.Major: >= 16, SourceVersion.Major: >= 16 } ? ", origin = none" : "");
        return new(
            "Subscribe", "The target connects to the source: its firewall has to let it in. The password is stored on the target, in pg_subscription.", "shell",
            $$"""
            password=${SOURCE_PASSWORD//\\/\\\\}
            export SUBSCRIPTION_SOURCE="$SOURCE password='${password//\'/\\\'}'"
            on_target <<'SQL'
            \set connection `printf %s "$SUBSCRIPTION_SOURCE"`
            CREATE SUBSCRIPTION {{facts.Name}} CONNECTION :'connection' PUBLICATION {{facts.Name}} WITH (copy_data = true{{options}});
            SQL
            """);
    }

    static string WaitForCopy(PlanFacts facts)
        => $"""
        until [[ $(on_target -At -c "SELECT count(*) FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = '{facts.Name}' AND r.srsubstate <> 'r'") == 0 ]]; do
            is_subscribed || exit 1
            sleep 1
        done
        """;

    static PlanStep StopWriters(PlanFacts facts) => new(
        "Close the source",
        facts.OwnsSourceDatabase ? "New sessions read only, old ones end. A session that sets it otherwise can still write: that is what pgbaton's gate is for."
            : "Old sessions end. New ones can write, if the application is not stopped: only the owner of the database could make it read-only, and pgbaton's gate would refuse them.",
        "shell",
        $$"""
        {{(facts.OwnsSourceDatabase ? $"on_source -c {ShellText.Quoted(Close(facts))}" : $"# as the owner of the database: {Close(facts).ReplaceLineEndings(" ")}")}}
        old=$(on_source -At <<'SQL'
        SELECT string_agg(pid::text, ',') FROM pg_stat_activity
         WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_stat_replication);
        SQL
        )
        on_source -o /dev/null <<SQL
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
         WHERE a.pid = ANY ('{$old}') AND (pg_has_role(a.usesysid, 'MEMBER') OR pg_has_role('pg_signal_backend', 'MEMBER') AND NOT r.rolsuper);
        SQL
        deadline=$((SECONDS + 10))
        until [[ $(on_source -At -c "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ('{$old}')") == 0 ]]; do
            if ((SECONDS > deadline)); then
                on_source -c "SELECT pid, usename, application_name FROM pg_stat_activity WHERE pid = ANY ('{$old}')" >&2
                echo {{ShellText.Quoted($"These sessions are still there, could write, and are not ours to end. {GoOn(facts)}")}} >&2
                exit 1
            fi
            sleep 0.2
        done
        """, IsDowntime: true);

    // What the slot has had confirmed can be read by every role; pg_stat_replication hides it from most.
    static string WaitForLast(PlanFacts facts)
        => $$"""
        last=$(on_source -At -c 'SELECT pg_current_wal_insert_lsn()')
        deadline=$((SECONDS + ${PATIENCE-60}))
        until [[ $(on_source -At -c "SELECT confirmed_flush_lsn >= '$last' FROM pg_replication_slots WHERE slot_name = '{{facts.Name}}'") == t ]]; do
            if ((SECONDS > deadline)); then
                echo {{ShellText.Quoted($"The last change has not arrived; see the target's log. {GoOn(facts)}")}} >&2
                exit 1
            fi
            is_subscribed || { echo {{ShellText.Quoted(GoOn(facts))}} >&2; exit 1; }
            sleep 0.2
        done
        """;

    static string GoOn(PlanFacts facts)
        => facts.OwnsSourceDatabase ? $"To let the application go on where it was: {Reopen(facts)}" : "The application may go on where it was.";

    static string Alter(PlanFacts facts) => $"ALTER DATABASE {Sql.Identifier(facts.Source.Database)}";

    static string Close(PlanFacts facts) => $"{Alter(facts)} SET default_transaction_read_only = on;";

    static string Reopen(PlanFacts facts) => $"SET default_transaction_read_only = off; {Alter(facts)} RESET default_transaction_read_only;";

    static IEnumerable<PlanStep> Sequences(PlanFacts facts)
    {
        if (facts.Sequences.Count > 0)
            yield return new(
                "Set every sequence", "Replication does not carry them: the application would get numbers that are taken.", "shell",
                $"""
                on_source -At <<'SQL' | on_target -o /dev/null
                {string.Join("\nUNION ALL ", facts.Sequences.Select(sequence => $"SELECT format('SELECT pg_catalog.setval(%L, %s, %L);', {Sql.Literal(sequence.QualifiedName)}, last_value, is_called) FROM {sequence}"))}
                SQL
                """, IsDowntime: true);
    }

    static IEnumerable<PlanStep> Counts(PlanFacts facts)
    {
        if (facts.Tables.Count > 0)
            yield return new(
                "Compare the numbers of rows", "A weak check, and as long as the tables: leave it out where the downtime matters more. pgbaton verify compares every row beforehand.", "shell",
                $"""
                counts=$(cat <<'SQL'
                {string.Join("\nUNION ALL ", facts.Tables.Select(table => $"SELECT {Sql.Literal(table.QualifiedName)}, count(*) FROM ONLY {table}"))}
                SQL
                )
                diff <(on_source -At -c "$counts") <(on_target -At -c "$counts")
                """, IsDowntime: true);
    }

    static IEnumerable<PlanStep> Views(PlanFacts facts)
    {
        if (facts.Views.Count > 0)
            yield return new(
                "Fill materialized views", "Their rows are not replicated.", "target", string.Join('\n', facts.Views.Select(view => $"REFRESH MATERIALIZED VIEW {view};")), IsDowntime: true);
    }

    static PlanStep CleanTarget(PlanFacts facts) => new(
        "Take the subscription away", "With it the slot on the source. From here on there is no way back but a dump.", "target", $"DROP SUBSCRIPTION {facts.Name};");

    static PlanStep CleanSource(PlanFacts facts)
    {
        var former = facts.WithoutIdentity.Select(table => $"ALTER TABLE ONLY {table} REPLICA IDENTITY {(table.ReplicaIdentity == 'n' ? "NOTHING" : "DEFAULT")};");
        return new(
            "Clean up the source", $"It stays read-only, so that a stale application cannot write there unnoticed. To write it again: {Reopen(facts)}", "source",
            string.Join('\n', (string[])["SET default_transaction_read_only = off;", $"DROP PUBLICATION {facts.Name};", .. former]));
    }
}

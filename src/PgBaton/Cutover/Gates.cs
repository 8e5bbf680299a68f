using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Verify;

namespace PgBaton.Cutover;

/// <summary>What keeps a cutover from beginning.</summary>
static class Gates
{
    // Longer than the heartbeat's interval.
    static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(30);

    /// <summary>For the engine: asks both servers, and first has the relay prove that it is in step.</summary>
    public static async Task<IReadOnlyList<Finding>> ListAsync(Migration migration, CancellationToken ct)
    {
        var findings = await LagAsync(migration, ct) is { } lag ? [lag] : new List<Finding>();
        await using var source = await migration.Source.OpenAsync("gates", ct);
        await using var target = await migration.Target.OpenAsync("gates", ct);
        findings.AddRange(await ListAsync(source, target, migration.Options, ct));
        return findings;
    }

    /// <summary>For whoever looks on: the same but for the lag, which is the age of the newest heartbeat.</summary>
    public static async Task<IReadOnlyList<Finding>> ListAsync(Server source, Server target, MigrationOptions options, CancellationToken ct)
    {
        await using var sourceSession = await source.OpenAsync("gates", ct);
        await using var targetSession = await target.OpenAsync("gates", ct);
        var findings = new List<Finding>();
        if (!await targetSession.QueryValueAsync<bool>(
                "SELECT EXISTS (SELECT FROM pgbaton.fact WHERE key = $1 AND set_at > now() - $2)", ct, Fact.HeartbeatAt, _heartbeat))
        {
            findings.Add(NotInStep("no heartbeat has come back for half a minute"));
        }

        findings.AddRange(await ListAsync(sourceSession, targetSession, options, ct));
        return findings;
    }

    internal static async Task<List<Finding>> ListAsync(NpgsqlConnection source, NpgsqlConnection target, MigrationOptions options, CancellationToken ct)
        =>
        [
            .. (await UnverifiedAsync(source, target, ct)).Select(table => Blocker(
                "PB1702", $"table {table.Name} {(table.IsEqual == false ? "differs" : "is not verified, or was rewritten since")}", "pgbaton verify", table.Name.ToString())),
            .. (await Drift.FindAsync(source, target, options, ct)).Select(drift => Blocker(
                "PB1703", $"table {drift.Name} {drift.What}",
                "Make the same change on the target; a table that was added is copied by a new migration only.", drift.Name)),
            .. await MissingSequencesAsync(source, target, options, ct),
            .. await OnSourceAsync(source, options, ct),
            .. await InvalidIndexesAsync(target, ct),
        ];

    // A marker comes back when everything before it is applied; the second one shows how long that takes now.
    static async Task<Finding?> LagAsync(Migration migration, CancellationToken ct)
    {
        var relay = await migration.RelayAsync(ct);
        foreach (var patience in (TimeSpan[])[_heartbeat, TimeSpan.FromSeconds(5)])
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(patience);
            try
            {
                await relay.PassMarkerAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return NotInStep($"a marker did not come back within {patience.TotalSeconds:0} s");
            }
        }

        return null;
    }

    static Finding NotInStep(string why)
        => Blocker("PB1701", $"the target is not in step: {why}", "Wait until \"pgbaton status\" says in-sync.", about: null);

    // Unlogged tables cannot be followed, so there is nothing to verify.
    static async Task<IEnumerable<RelationState>> UnverifiedAsync(NpgsqlConnection source, NpgsqlConnection target, CancellationToken ct)
    {
        var tables = await Table.ListAsync(source, ct);
        var files = tables.ToDictionary(table => new TableName(table.Schema, table.Name), table => table.Filenode);
        var unlogged = tables.Where(table => !table.IsLogged).Select(table => new TableName(table.Schema, table.Name)).ToHashSet();
        return (await VerificationJournal.RelationsAsync(target, ct)).Where(table => !table.IsVerified(files) && !unlogged.Contains(table.Name));
    }

    static async Task<IEnumerable<Finding>> MissingSequencesAsync(
        NpgsqlConnection source, NpgsqlConnection target, MigrationOptions options, CancellationToken ct)
    {
        var known = (await Sequence.ListAsync(target, ct)).Select(sequence => sequence.QualifiedName).ToHashSet();
        return (await Sequence.ListAsync(source, new Scope(options), ct)).Where(sequence => !known.Contains(sequence.QualifiedName))
            .Select(sequence => Blocker(
                "PB1704", $"sequence {sequence} does not exist on the target", "Make it there with the same definition.", sequence.QualifiedName));
    }

    static async Task<List<Finding>> OnSourceAsync(NpgsqlConnection source, MigrationOptions options, CancellationToken ct)
    {
        var findings = await source.QueryAsync(
            "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY prepared",
            row => Blocker(
                "PB1705", $"prepared transaction {Sql.Literal(row.GetString(0))} is open on the source",
                $"COMMIT PREPARED {Sql.Literal(row.GetString(0))} or ROLLBACK PREPARED …", row.GetString(0)),
            ct);
        findings.AddRange(await source.QueryAsync(
            """
            SELECT subname::text FROM pg_catalog.pg_subscription
             WHERE subenabled AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            """,
            row => Blocker(
                "PB1706", $"subscription {Sql.Identifier(row.GetString(0))} writes on the source and passes every gate",
                $"ALTER SUBSCRIPTION {Sql.Identifier(row.GetString(0))} DISABLE", row.GetString(0)),
            ct));
        findings.AddRange(await RightsAsync(source, options, ct));
        return findings;
    }

    // Arming needs a schema and an ALTER TABLE on each table.
    static async Task<List<Finding>> RightsAsync(NpgsqlConnection source, MigrationOptions options, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (!await source.QueryValueAsync<bool>(
                """
                SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
                       OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'pgbaton')
                """,
                ct))
        {
            findings.Add(Blocker("PB1707", "our role may not create the gate's schema on the source", "GRANT CREATE ON DATABASE … TO …", about: null));
        }

        var foreign = (await source.QueryAsync(
            "SELECT oid FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND NOT pg_catalog.pg_has_role(relowner, 'USAGE')",
            row => row.GetFieldValue<uint>(0), ct)).ToHashSet();
        var scope = new Scope(options);
        findings.AddRange((await Table.ListAsync(source, ct)).Where(table => scope.Includes(table) && foreign.Contains(table.Oid)).Select(table => Blocker(
            "PB1707", $"our role does not own table {table} on the source and cannot arm its gate", "GRANT its owner TO our role.", table.QualifiedName)));
        return findings;
    }

    static Task<List<Finding>> InvalidIndexesAsync(NpgsqlConnection target, CancellationToken ct)
        => target.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT i.indisvalid AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'pgbaton')
             ORDER BY n.nspname, c.relname
            """,
            row => Sql.Identifier(row.GetString(0), row.GetString(1)) is var index
                ? Blocker("PB1708", $"index {index} is invalid on the target", $"REINDEX INDEX {index}", index)
                : null!,
            ct);

    static Finding Blocker(string code, string message, string fix, string? about)
        => new(code, Severity.Blocker, message, Fix: fix, About: about, Group: "cutover");
}

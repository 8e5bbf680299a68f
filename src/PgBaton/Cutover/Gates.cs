using Npgsql;
using PgBaton.Catalog;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Preflight;
using PgBaton.Verify;

namespace PgBaton.Cutover;

/// <summary>What keeps a cutover from beginning.</summary>
static class Gates
{
    /// <summary>The code of a table that no verification stands for.</summary>
    public const string Unverified = "PB1702";

    const string WithoutWayBack = "or give up the way back: pgbaton cutover --no-reverse";

    // Longer than the heartbeat's interval.
    static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(30);

    /// <summary>For the engine: asks both servers, and first has the relay prove that it is in step.</summary>
    public static async Task<IReadOnlyList<Finding>> ListAsync(Migration migration, WordArguments arguments, CancellationToken ct)
    {
        var findings = await LagAsync(migration, ct) is { } lag ? [lag] : new List<Finding>();
        await using var sides = await TwoSides.OpenAsync(migration.Direction.Publisher, migration.Direction.Subscriber, "gates", ct);
        findings.AddRange(await ListAsync(sides, migration.Options, mayGiveUpWayBack: arguments.NoReverse, ct));
        if (arguments.ProbeRole is { } role)
            findings.AddRange(await ProbeRole.ListAsync(sides, migration.Options, role, ct));
        if (!arguments.NoReverse && Lane.Of(migration.Options).Follows)
            findings.AddRange(await MayReplicateAsync(migration.Direction.Subscriber, sides.Subscriber, ct));
        return findings;
    }

    /// <summary>What no verification could find: the stream itself is not whole.</summary>
    /// <exception cref="MigrationException">PB0527.</exception>
    public static async Task StreamMustBeWholeAsync(Migration migration, CancellationToken ct)
    {
        if (!Lane.Of(migration.Options).Follows)
            return;
        await using var publisher = await migration.Direction.Publisher.OpenAsync("gates", ct);
        await Relay.PublishedTables.MustBeWholeAsync(migration, publisher, ct);
    }

    /// <summary>For whoever looks on: the same but for the lag, which is the age of the newest heartbeat.</summary>
    public static async Task<IReadOnlyList<Finding>> ListAsync(TwoSides sides, MigrationOptions options, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (Lane.Of(options).Follows && !await sides.Journal.QueryValueAsync<bool>(
                "SELECT EXISTS (SELECT FROM pgbaton.fact WHERE key = $1 AND set_at > now() - $2)", ct, Fact.HeartbeatAt, _heartbeat))
        {
            findings.Add(NotInStep(sides.SubscriberName, "no heartbeat has come back for half a minute"));
        }

        findings.AddRange(await ListAsync(sides, options, mayGiveUpWayBack: false, ct));
        return findings;
    }

    internal static async Task<List<Finding>> ListAsync(TwoSides sides, MigrationOptions options, bool mayGiveUpWayBack, CancellationToken ct)
    {
        var drift = await Drift.FindAsync(sides, options, ct);
        var drifted = drift.Select(table => table.Name).ToHashSet(); // Of a table that was equal, that is the whole reason.
        var unverified = Lane.Of(options).LosesWrites ? [] : (await UnverifiedAsync(sides, ct)).Where(table => table.IsEqual != true || !drifted.Contains(table.Name.ToString()));
        return
        [
            .. await HoldAsync(sides, options, ct),
            .. unverified.Select(table => Blocker(
                Unverified, $"table {table.Name} {(table.IsEqual == false ? "differs" : "is not verified, or was rewritten since")}", "pgbaton verify", table.Name.ToString())),
            .. drift.Select(table => Blocker(
                "PB1703", $"table {table.Name} {table.What}",
                !sides.IsBack ? Level(options) : table.IsNew ? Errors.HowToCarryBack(table.Name) : "Make the same change on the source.", table.Name)),
            .. await MissingSequencesAsync(sides, options, ct),
            .. await OnPublisherAsync(sides.Publisher, sides.PublisherName, options, ct),
            .. await InvalidIndexesAsync(sides, ct),
            .. mayGiveUpWayBack || !Lane.Of(options).Follows ? [] : await WayBackAsync(sides, options, ct),
        ];
    }

    // A source that has lost the commit which closed it (an older copy, a standby that lagged) has had writers since.
    static async Task<List<Finding>> HoldAsync(TwoSides sides, MigrationOptions options, CancellationToken ct)
        => !Lane.Of(options).HoldsWriters || sides.IsBack || await SourceHold.IsSetAsync(sides.Source, ct) ? []
            : [Blocker("PB1711", "the source is not held closed any more, and what was written there since is not on the target", "pgbaton abort; then begin again", about: null)];

    static async Task<IReadOnlyList<Finding>> MayReplicateAsync(Server subscriber, NpgsqlConnection session, CancellationToken ct)
    {
        if (await subscriber.WhyNoReplicationAsync("gates", ct) is not { } said)
            return [];
        var role = Sql.Identifier(subscriber.User);
        return
        [
            Blocker("PB1709", $"there can be no way back: the {subscriber.Name} gives role {role} no replication connection",
                $"The server says: {said}. On the {subscriber.Name}: {(await ServerFacts.HomeOfAsync(session, ct)).GrantReplication(role)}\n{WithoutWayBack}", about: null),
        ];
    }

    // What the other way needs of the side it comes from.
    static async Task<List<Finding>> WayBackAsync(TwoSides sides, MigrationOptions options, CancellationToken ct)
    {
        var findings = new List<Finding>();
        var walLevel = await sides.Subscriber.QueryValueAsync<string>("SHOW wal_level", ct);
        if (walLevel != "logical")
            findings.Add(Blocker("PB1709", $"there can be no way back: wal_level of the {sides.SubscriberName} is {walLevel}",
                $"On the {sides.SubscriberName}: {(await ServerFacts.HomeOfAsync(sides.Subscriber, ct)).EnableLogicalReplication}\n{WithoutWayBack}", about: null));
        if (options.ReplicaIdentityFull)
            return findings;
        var ours = (await VerificationJournal.RelationsAsync(sides.Journal, ct)).Select(table => table.Name).ToHashSet();
        findings.AddRange((await Table.ListAsync(sides.Subscriber, ct))
            .Where(table => table is { HoldsRows: true, IsLogged: true, HasIdentity: false } && ours.Contains(new TableName(table.Schema, table.Name)))
            .Select(table => Blocker(
                "PB1709", $"there can be no way back: table {table} has no replica identity on the {sides.SubscriberName}",
                $"Give it a key there; {WithoutWayBack}", table.QualifiedName)));
        return findings;
    }

    // A marker comes back when everything before it is applied; the second one shows how long that takes now.
    static async Task<Finding?> LagAsync(Migration migration, CancellationToken ct)
    {
        var lane = Lane.Of(migration.Options);
        if (!lane.Follows)
            return null;
        foreach (var patience in (TimeSpan[])[_heartbeat, TimeSpan.FromSeconds(5)])
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(patience);
            try
            {
                await lane.PassMarkerAsync(migration, limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return NotInStep(migration.Direction.Subscriber.Name, $"a marker did not come back within {patience.TotalSeconds:0} s");
            }
        }

        return null;
    }

    static Finding NotInStep(string subscriber, string why)
        => Blocker("PB1701", $"the {subscriber} is not in step: {why}", "Wait until \"pgbaton status\" says in-sync.", about: null);

    // Unlogged tables cannot be followed, so there is nothing to verify.
    static async Task<IEnumerable<RelationState>> UnverifiedAsync(TwoSides sides, CancellationToken ct)
    {
        var now = await TablesNow.ReadAsync(sides.Source, sides.Journal, ct);
        var unlogged = now.Source.Where(table => !table.Value.IsLogged).Select(table => table.Key).ToHashSet();
        return (await VerificationJournal.RelationsAsync(sides.Journal, ct)).Where(table => !table.IsVerified(now) && !unlogged.Contains(table.Name));
    }

    static async Task<IEnumerable<Finding>> MissingSequencesAsync(TwoSides sides, MigrationOptions options, CancellationToken ct)
    {
        var known = (await Sequence.ListAsync(sides.Subscriber, ct)).Select(sequence => sequence.QualifiedName).ToHashSet();
        return (await Sequence.ListAsync(sides.Publisher, new Scope(options), ct)).Where(sequence => !known.Contains(sequence.QualifiedName))
            .Select(sequence => Blocker(
                "PB1704", $"sequence {sequence} does not exist on the {sides.SubscriberName}", "Make it there with the same definition.", sequence.QualifiedName));
    }

    static async Task<List<Finding>> OnPublisherAsync(NpgsqlConnection publisher, string side, MigrationOptions options, CancellationToken ct)
    {
        var findings = await publisher.QueryAsync(
            "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY prepared",
            row => Blocker(
                "PB1705", $"prepared transaction {Sql.Literal(row.GetString(0))} is open on the {side}",
                $"COMMIT PREPARED {Sql.Literal(row.GetString(0))} or ROLLBACK PREPARED …", row.GetString(0)),
            ct);
        findings.AddRange(await publisher.QueryAsync(
            """
            SELECT subname::text FROM pg_catalog.pg_subscription
             WHERE subenabled AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            """,
            row => Blocker(
                "PB1706", $"subscription {Sql.Identifier(row.GetString(0))} writes on the {side} and passes every gate",
                $"ALTER SUBSCRIPTION {Sql.Identifier(row.GetString(0))} DISABLE", row.GetString(0)),
            ct));
        findings.AddRange(await RightsAsync(publisher, side, options, ct));
        return findings;
    }

    // Arming needs a schema and an ALTER TABLE on each table.
    static async Task<List<Finding>> RightsAsync(NpgsqlConnection publisher, string side, MigrationOptions options, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (!await publisher.QueryValueAsync<bool>(
                """
                SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
                       OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'pgbaton')
                """,
                ct))
        {
            findings.Add(Blocker("PB1707", $"our role may not create the gate's schema on the {side}", "GRANT CREATE ON DATABASE … TO …", about: null));
        }

        var foreign = (await publisher.QueryAsync(
            "SELECT oid FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND NOT pg_catalog.pg_has_role(relowner, 'USAGE')",
            row => row.GetFieldValue<uint>(0), ct)).ToHashSet();
        var scope = new Scope(options);
        findings.AddRange((await Table.ListAsync(publisher, ct)).Where(table => scope.Includes(table) && foreign.Contains(table.Oid)).Select(table => Blocker(
            "PB1707", $"our role does not own table {table} on the {side} and cannot arm its gate", "GRANT its owner TO our role.", table.QualifiedName)));
        return findings;
    }

    // One that is invalid on both sides is as it should be: the index of a partitioned table that not every partition has.
    static async Task<IEnumerable<Finding>> InvalidIndexesAsync(TwoSides sides, CancellationToken ct)
        => (await InvalidIndexesAsync(sides.Subscriber, ct)).Except(await InvalidIndexesAsync(sides.Publisher, ct)).Select(index => Blocker(
            "PB1708", $"index {index} is invalid on the {sides.SubscriberName}", $"REINDEX INDEX {index}", index));

    static Task<List<string>> InvalidIndexesAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(
            """
            SELECT n.nspname::text, c.relname::text
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT i.indisvalid AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'pgbaton')
             ORDER BY n.nspname, c.relname
            """,
            row => Sql.Identifier(row.GetString(0), row.GetString(1)), ct);

    static Finding Blocker(string code, string message, string fix, string? about)
        => new(code, Severity.Blocker, message, Fix: fix, About: about, Group: "cutover");

    static string Level(MigrationOptions options) => options.ExistingSchema
        ? "Make the same change on the target, whose schema is yours (--existing-schema), and say \"pgbaton drift --accept\"; rows of a new table are copied then."
        : "\"pgbaton drift --apply\" brings it level.";
}

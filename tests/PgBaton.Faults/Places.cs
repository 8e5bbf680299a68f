namespace PgBaton.Faults;

/// <summary>
/// The places of the matrix: both ends of every step, and within it whatever changes something on a server or is waited for. A place that is not
/// met in the whole run fails its test, so the list cannot go stale unseen.
/// </summary>
static class Places
{
    const string Begin = "INSERT INTO pgbaton.step", Done = "UPDATE pgbaton.step SET done_at";
    const string Stand = "WITH gone AS (DELETE FROM pgbaton.step"; // The steps around the fence are done and undone together.
    const string Make = "DO 'BEGIN EXECUTE";

    static readonly Place[] _inside =
    [
        new("start", "engine's lock", "target", "engine", "SELECT pg_catalog.pg_try_advisory_lock"),
        new("start", "journal made", "target", "engine", "COMMIT"),
        new("start", "epoch raised", "target", "engine", "COMMIT", Occurrence: 2),
        new("start", "token told to the target", "target", "token", "COMMIT"),
        new("slot", "old replica identities noted", "target", "engine", "INSERT INTO pgbaton.fact", "changed_identities"),
        new("slot", "replica identity changed", "source", "slot", "ALTER TABLE \"public\".\"ledger\" REPLICA IDENTITY FULL"),
        new("slot", "publication", "source", "slot", "CREATE PUBLICATION"),
        new("slot", "publication committed", "source", "slot", "COMMIT"),
        new("slot", "slot", "source", "slot", "CREATE_REPLICATION_SLOT"),
        new("slot", "slot recorded", "target", "engine", "UPDATE pgbaton.progress SET lsn = $1"),
        new("pre-data", "dump's snapshot", "source", "pre-data", "SET TRANSACTION SNAPSHOT"),
        new("pre-data", "plan recorded", "target", "pre-data", "INSERT INTO pgbaton.entry"),
        new("pre-data", "objects made", "target", "pre-data", Make),
        new("pre-data", "objects committed", "target", "pre-data", "COMMIT", Occurrence: 3),
        new("pre-data", "tables listed", "target", "pre-data", "INSERT INTO pgbaton.relation"),
        new("copy", "snapshot's slot", "source", "snapshot", "CREATE_REPLICATION_SLOT"),
        new("copy", "snapshot exported", "source", "snapshot", "SELECT pg_catalog.pg_export_snapshot()"),
        new("copy", "table begun", "target", "copy", "UPDATE pgbaton.relation SET generation"),
        new("copy", "plan committed", "target", "copy", "COMMIT"),
        new("copy", "part claimed", "target", "copy", "SELECT true FROM pgbaton.part"),
        new("copy", "table locked", "source", "copy", "SET LOCAL lock_timeout"),
        new("copy", "part of a split table", "target", "copy", "COPY \"public\".\"big\""),
        new("copy", "part's end noted", "target", "copy", "UPDATE pgbaton.part SET filenode"),
        new("copy", "part committed", "target", "copy", "COMMIT", Occurrence: 4),
        new("copy", "table's end noted", "target", "copy", "UPDATE pgbaton.relation SET copied = true, rows = $2", Occurrence: 2),
        new("copy", "everything flushed", "target", "engine", "UPDATE pgbaton.relation SET copied = copied"),
        new("copy", "index built", "target", "post-data", Make),
        new("copy", "index committed", "target", "post-data", "COMMIT"),
        new("post-data", "statistics", "target", "post-data", "ANALYZE", Occurrence: 3),
        new("follow", "stream started", "source", "relay", "START_REPLICATION"),
        new("follow", "batch begun", "target", "relay", "SET CONSTRAINTS ALL DEFERRED"),
        new("follow", "batch half applied", "target", "relay", "INSERT INTO \"public\".\"entry\""),
        new("follow", "position moved", "target", "relay", "UPDATE pgbaton.progress", Occurrence: 2),
        new("follow", "batch committed", "target", "relay", "COMMIT", Occurrence: 3),
        new("follow", "heartbeat", "source", "marker", "SELECT pg_catalog.pg_logical_emit_message"),
        new("follow", "snapshot pair", "source", "verify", "SELECT pg_catalog.pg_logical_emit_message"),
        new("follow", "rows compared", "target", "verify", "SELECT (kh", Occurrence: 2),
        new("follow", "verification recorded", "target", "engine", "INSERT INTO pgbaton.verification", Occurrence: 2),
        new("fence", "gate made", "source", "gate", "COMMIT"),
        new("fence", "tables armed", "source", "gate", "DO 'BEGIN IF NOT EXISTS", Occurrence: 3),
        new("fence", "slot of the way back", "target", "slot", "CREATE_REPLICATION_SLOT"),
        new("fence", "epoch written", "source", "fence", "UPDATE pgbaton.gate SET epoch"),
        new("fence", "fence", "source", "fence", "SELECT pg_catalog.pg_advisory_lock"),
        new("fence", "marker applied", "target", "engine", "INSERT INTO pgbaton.fact", "fence_lsn"),
        new("sequences", "sequences set", "target", "sequences", "SELECT count(pg_catalog.setval"),
        new("sequences", "sequences committed", "target", "sequences", "COMMIT"),
        new("reverse", "start marked", "target", "marker", "SELECT pg_catalog.pg_logical_emit_message"),
        new("reverse", "start kept", "source", "reverse", "UPDATE pgbaton.progress"),
        new("open", "sessions ended", "source", "sessions", "SELECT pg_catalog.concat(a.pid"),
        new("open", "sequences held", "source", "fence", "DO 'BEGIN ALTER SEQUENCE"),
        new("open", "target prepared", "target", "open", "UPDATE pgbaton.gate SET is_closed = false"),
        new("open", "source read-only", "source", "fence", "ALTER DATABASE"),
        new("open", "source's gate closed", "source", "fence", "UPDATE pgbaton.gate SET is_closed = true"),
        new("open", "decision", "source", "fence", "COMMIT"),
        new("open", "target opened", "target", "open", "COMMIT"),
        new("open", "cutover answered", "target", "engine", "UPDATE pgbaton.word SET ended_at"),
        new("return", "old slot dropped", "source", "slot", "SELECT pg_catalog.pg_drop_replication_slot"),
        new("return", "stream back started", "target", "relay", "START_REPLICATION"),
        new("clean", "gate's triggers", "source", "gate", "DROP TRIGGER", Occurrence: 3),
        new("clean", "gate's schema", "source", "gate", "DROP SCHEMA pgbaton"),
        new("clean", "slot dropped", "target", "slot", "SELECT pg_catalog.pg_drop_replication_slot"),
        new("clean", "replica identities back", "source", "slot", "ALTER TABLE \"public\".\"ledger\" REPLICA IDENTITY DEFAULT"),
        new("clean", "target's triggers", "target", "gate", "DROP TRIGGER", Occurrence: 3),
        new("clean", "journal dropped", "target", "engine", "DROP SCHEMA pgbaton"),
    ];

    /// <summary>Where the stream changes hands, there and back, with <c>--via subscription</c>.</summary>
    public static IReadOnlyList<Place> OfSubscription { get; } =
    [
        new("follow", "marker published", "source", "subscription", "DO 'BEGIN LOCK TABLE ONLY pgbaton.marker"),
        new("follow", "subscription made", "target", "subscription", "DO 'BEGIN EXECUTE pg_catalog.format"),
        new("follow", "position handed over", "target", "subscription", "SELECT pg_catalog.pg_replication_origin_advance"),
        new("follow", "subscription enabled", "target", "subscription", "ALTER SUBSCRIPTION"),
        new("follow", "handed over", "target", "subscription", "COMMIT"),
        new("follow", "row marker", "source", "subscription", "UPDATE pgbaton.marker"),
        new("follow", "subscription disabled", "target", "subscription", "ALTER SUBSCRIPTION", Occurrence: 2),
        new("follow", "position taken back", "target", "subscription", "UPDATE pgbaton.progress SET lsn = greatest"),
        new("follow", "position kept", "target", "subscription", "COMMIT", Occurrence: 2),
        new("follow", "subscription dropped", "target", "subscription", "DROP SUBSCRIPTION"),
        new("follow", "taken back", "target", "subscription", "COMMIT", Occurrence: 3),
    ];

    /// <summary>In the order of the migration.</summary>
    public static IReadOnlyList<Place> All { get; } =
    [
        .. _inside.Where(place => place.Step == "start"),
        .. Migration.Steps.SelectMany(step => (IEnumerable<Place>)
        [
            new(step.Name, "begun", "target", "engine", Begin, step.Name),
            .. _inside.Where(place => place.Step == step.Name),
            .. step == Migration.Steps[^1] ? [] : new[] { step.Name is "follow" or "open"
                ? new Place(step.Name, "done", "target", "engine", Stand, step.Name)
                : new Place(step.Name, "done", "target", "engine", Done, step.Name) },
        ]),
    ];

    /// <summary>For one of two classes, which run beside each other; as far as the shard has them.</summary>
    public static TheoryData<string> EverySecond(int from) => Shard.Of(All.Where((_, number) => number % 2 == from).Select(place => place.ToString()));

    /// <summary>Others in each run, so that a few runs have them all; every one where a place is asked for.</summary>
    public static TheoryData<string> EveryThird => Shard.Of(All.Where((_, number) => Shard.HasPlaces || (number + Seed.OfRun) % 3 == 0).Select(place => place.ToString()));

    public static Place Of(string text) => All.Concat(OfSubscription).Single(place => place.ToString() == text);
}

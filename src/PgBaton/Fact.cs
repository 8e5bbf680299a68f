namespace PgBaton;

/// <summary>Names of the journal's facts, each with who sets it and what it holds.</summary>
static class Fact
{
    /// <summary>Set by <c>slot</c>: the consistent point of the permanent slot; nothing before it is in the stream.</summary>
    public const string SlotConsistentPoint = "slot_consistent_point";

    /// <summary>
    /// Set when a side's slot is made, and when its stream is taken up after a failover: that side's timeline, to which applied positions belong.
    /// </summary>
    public static string Timeline(Postgres.Side side) => side == Postgres.Side.Source ? "source_timeline" : "target_timeline";

    /// <summary>
    /// Set by <c>slot</c>, and by <c>fence</c> for the way back: the tables of that side whose replica identity was changed to FULL, each with the
    /// former one in front (<c>d name</c>).
    /// </summary>
    public static string ChangedIdentities(Postgres.Side side) => side == Postgres.Side.Source ? "changed_identities" : "changed_identities_target";

    /// <summary>
    /// Set by the words <c>drift</c> and <c>tables</c>: oids, on the source, of tables that are no longer moved; what the stream still brings of
    /// them is passed over.
    /// </summary>
    public const string GoneTables = "gone_tables";

    /// <summary>Set by the loop when the fenced steps are over, in the moment in which the journal says so: forward or back. Absent means forward.</summary>
    public const string Direction = "direction";

    /// <summary>Set by <c>fence</c>: <c>none</c> if this cutover gives up the way back. Absent: there is one.</summary>
    public const string WayBack = "way_back";

    /// <summary>Set by <c>reverse</c>: R, where the other way starts; what commits behind it is the application's.</summary>
    public const string ReverseLsn = "reverse_lsn";

    /// <summary>Set when a cutover is asked for, before both sides are compared: what the source's definitions come to, a line for each kind with a tab before its stamp.</summary>
    public const string Definitions = "definitions";

    /// <summary>The same of the target.</summary>
    public const string TargetDefinitions = "target_definitions";

    /// <summary>
    /// Set by <c>post-data</c>, and by <c>drift --accept</c>: objects that are defined differently on the target and may be so, one on a line, with a tab before what stands for the difference. What else differs keeps the
    /// writers from moving.
    /// </summary>
    public const string KnownDifferences = "known_differences";

    /// <summary>Set by <c>fence</c>: the marker's commit LSN, F.</summary>
    public const string FenceLsn = "fence_lsn";

    /// <summary>Set by <c>fence</c>, or by <c>copy</c> with --fence-first: when the downtime began; RFC 3339.</summary>
    public const string FencedAt = "fenced_at";

    /// <summary>Set by <c>copy</c> while parts may be taken by workers elsewhere: a <see cref="Copy.CopyOffer"/>. Left behind by an engine that died.</summary>
    public const string CopyOffer = "copy_offer";

    /// <summary>Set by <c>copy</c> with --fence-first: the source is held closed until the cutover or abort.</summary>
    public const string Held = "held";

    /// <summary>Set by <c>copy</c> with --offline alone, once everything was copied and compared under one snapshot: a moment before that was taken.</summary>
    public const string CopiedAsOf = "copied_as_of";

    /// <summary>Set by <c>open</c> before the decision: the closed database's own default_transaction_read_only; empty if it had none.</summary>
    public static string ReadOnly(Postgres.Side side) => side == Postgres.Side.Source ? "source_read_only" : "target_read_only";

    /// <summary>Set by <c>open</c>: the hook of <c>--on-switch</c> has been run.</summary>
    public const string Switched = "switched";

    /// <summary>
    /// Set by <c>fence</c> before PgBouncer is paused, removed when it goes on: the admin console's URI, without a password, and the databases; a JSON array.
    /// </summary>
    public const string Pooler = "pooler";

    /// <summary>Set by the engine: --max-slot-wal in bytes, as it was given last.</summary>
    public const string MaxSlotWal = "max_slot_wal";

    /// <summary>Set by the engine every minute: which side writes, an LSN of its WAL, how many seconds before this note it was there, and what the slot's reader had acknowledged then (<c>source 0/1A 40.1 0/19</c>).</summary>
    public const string WalSeen = "wal_seen";

    /// <summary>Set by the engine before it drops the slot at --max-slot-wal: why.</summary>
    public const string SlotGivenUp = "slot_given_up";

    /// <summary>Set by --via and the word <c>via</c>: subscription, where the servers are to carry the stream. Absent: we are.</summary>
    public const string Via = "via";

    /// <summary>Set by <c>follow</c>: when the servers last did not get on, and the stream was taken back; RFC 3339.</summary>
    public const string SubscriptionStoppedAt = "subscription_stopped_at";

    /// <summary>The only value of <see cref="Via"/>.</summary>
    public const string Subscription = "subscription";

    /// <summary>Set by the word <c>pause</c>, removed by <c>resume</c>.</summary>
    public const string Paused = "paused";

    /// <summary>Set by <c>return</c>: the old source is to be written again (<c>finish --unlock-source</c>).</summary>
    public const string UnlockSource = "unlock_source";

    /// <summary>Set by <c>open</c> once that side is open: source or target. Absent means source.</summary>
    public const string Writer = "writer";

    /// <summary>Set by <c>open</c>: seconds from the fence to the opened side.</summary>
    public const string Downtime = "downtime_seconds";

    /// <summary>Set by <c>follow</c>: when a heartbeat last came back; RFC 3339.</summary>
    public const string HeartbeatAt = "heartbeat_at";

    /// <summary>Set by <c>follow</c>: when a heartbeat last came back within seconds; RFC 3339. Absent: was never in sync.</summary>
    public const string InSyncAt = "in_sync_at";

    /// <summary>Set by <c>post-data</c> and <c>open</c>: a <see cref="SchemaStatus"/> as JSON. Absent: the schema is the operator's own affair, or not made yet.</summary>
    public const string SchemaCompared = "schema_compared";

    /// <summary>Set by the engine: the newest error as JSON; removed when a run gets past it.</summary>
    public const string LastError = "last_error";
}

namespace PgBaton;

/// <summary>Names of the journal's facts, each with who sets it and what it holds.</summary>
static class Fact
{
    /// <summary>Set by <c>slot</c>: the consistent point of the permanent slot; nothing before it is in the stream.</summary>
    public const string SlotConsistentPoint = "slot_consistent_point";

    /// <summary>Set by <c>slot</c>, and when the stream is taken up after a failover: the source's timeline, to which applied positions belong.</summary>
    public const string SourceTimeline = "source_timeline";

    /// <summary>Set by <c>slot</c>: the tables whose replica identity was changed to FULL, each with the former one in front (<c>d name</c>).</summary>
    public const string ChangedIdentities = "changed_identities";

    /// <summary>Set by <c>fence</c>: the marker's commit LSN, F.</summary>
    public const string FenceLsn = "fence_lsn";

    /// <summary>Set by <c>fence</c>: when the downtime began; RFC 3339.</summary>
    public const string FencedAt = "fenced_at";

    /// <summary>Set by <c>open</c> before the decision: the source database's own default_transaction_read_only; empty if it had none.</summary>
    public const string SourceReadOnly = "source_read_only";

    /// <summary>Set by <c>open</c>: the hook of <c>--on-switch</c> has been run.</summary>
    public const string Switched = "switched";

    /// <summary>Set by <c>return</c>: the old source is to be written again (<c>finish --unlock-source</c>).</summary>
    public const string UnlockSource = "unlock_source";

    /// <summary>Set by <c>open</c> after the decision: source or target. Absent means source.</summary>
    public const string Writer = "writer";

    /// <summary>Set by <c>open</c>: seconds from the fence to the opened target.</summary>
    public const string Downtime = "downtime_seconds";

    /// <summary>Set by <c>follow</c>: when a heartbeat last came back; RFC 3339.</summary>
    public const string HeartbeatAt = "heartbeat_at";

    /// <summary>Set by <c>follow</c>: when a heartbeat last came back within seconds; RFC 3339. Absent: was never in sync.</summary>
    public const string InSyncAt = "in_sync_at";

    /// <summary>Set by the engine: the newest error as JSON; removed when a run gets past it.</summary>
    public const string LastError = "last_error";
}

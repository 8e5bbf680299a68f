namespace PgBaton;

/// <summary>What to move, how, and how hard to push the servers. What <see cref="Journal"/> keeps as scope may not change between runs.</summary>
public sealed record MigrationOptions
{
    /// <summary>Connection string of the server in use today. May be null for what only reads or writes the journal.</summary>
    public string? Source { get; init; }

    /// <summary>Connection string of the server to move to.</summary>
    public required string Target { get; init; }

    /// <summary>Names slot and publication (<c>pgbaton_name</c>): lower-case letters, digits, underscores. Null: derived from the two databases.</summary>
    public string? Name { get; init; }

    /// <summary>Scope: <c>-n</c>, patterns as in pg_dump.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Scope: <c>-N</c>.</summary>
    public IReadOnlyList<string> ExcludedSchemas { get; init; } = [];

    /// <summary>Scope: <c>-t</c>.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Scope: <c>-T</c>.</summary>
    public IReadOnlyList<string> ExcludedTables { get; init; } = [];

    /// <summary>Scope: tables that <c>tables add</c> has taken along, each with schema, quoted.</summary>
    internal IReadOnlyList<string> AddedTables { get; init; } = [];

    /// <summary>Scope: tables that <c>tables remove</c> has given up.</summary>
    internal IReadOnlyList<string> RemovedTables { get; init; } = [];

    /// <summary>Scope: the target has the tables already; only rows are moved.</summary>
    public bool ExistingSchema { get; init; }

    /// <summary>Scope: keep owners (the roles must exist on the target).</summary>
    public bool Owners { get; init; }

    /// <summary>Scope: on the target everything belongs to this role; null: to the one that migrates, or to the source's (<see cref="Owners"/>).</summary>
    public string? TargetOwner { get; init; }

    /// <summary>Scope: roles that objects need and the target lacks are made there, without the right to log in.</summary>
    public bool Roles { get; init; }

    /// <summary>Scope: keep privileges.</summary>
    public bool Privileges { get; init; }

    /// <summary>Scope: security labels are left behind.</summary>
    public bool NoSecurityLabels { get; init; }

    /// <summary>Scope: tables without a replica identity get REPLICA IDENTITY FULL for the time of the migration.</summary>
    public bool ReplicaIdentityFull { get; init; }

    /// <summary>Scope: one copy and no stream; the source needs no logical replication.</summary>
    public bool Offline { get; init; }

    /// <summary>Scope: with <see cref="Offline"/>, the source is closed for writers before the copy and stays so until the cutover or abort.</summary>
    public bool FenceFirst { get; init; }

    /// <summary>Scope: what becomes of large objects. Null: they are copied unless <see cref="Schemas"/> or <see cref="Tables"/> name what to move.</summary>
    public LargeObjectChoice? LargeObjects { get; init; }

    /// <summary>Who carries the stream, once everything is copied. Null: as it was said last.</summary>
    public Via? Via { get; init; }

    /// <summary>How the target's server reaches the source, where that is not as we do: parameters of a connection string that replace <see cref="Source"/>'s.</summary>
    public string? SourceFromTarget { get; init; }

    /// <summary>How the source's server reaches the target, on the way back.</summary>
    public string? TargetFromSource { get; init; }

    /// <summary>Parts copied at the same time, and connections to each side for them.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>Bytes a second that this process reads from the source at most while it copies; null: as fast as it goes.</summary>
    public long? MaxRate { get; init; }

    /// <summary>Indexes and constraints built at the same time.</summary>
    public int IndexJobs { get; init; } = 2;

    /// <summary>A table with more bytes than this (heap and TOAST) is copied in parts.</summary>
    public long SplitLargerThan { get; init; } = 1L << 30;

    /// <summary>Who speaks the protocol where the changes and the rows pass.</summary>
    public StreamWire Wire { get; init; }

    /// <summary>Folder that holds pg_dump and pg_restore; null: look on PATH and where Debian puts them.</summary>
    public string? PgBin { get; init; }

    /// <summary>How long creating a slot may wait for open transactions of others.</summary>
    public TimeSpan SlotTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the copy waits for a table that somebody has locked: ALTER TABLE, VACUUM FULL and their like.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>WAL that the source may keep for our slot, in bytes: beyond it the slot is given up, and the migration with it. Null: what the server allows.</summary>
    public long? MaxSlotWal { get; init; }

    /// <summary>Where to post what somebody should know who is not looking: http or https. Null: nowhere.</summary>
    public Uri? Notify { get; init; }

    /// <summary>With <see cref="Notify"/>: a longer lag than this is told.</summary>
    public TimeSpan NotifyLag { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the preflight: where the target is going to be, while there is none; a name of <c>ExtensionList.Names</c>.</summary>
    public string? TargetProvider { get; init; }

    /// <summary>For the preflight: bytes free on the source's disk, where the slot keeps WAL.</summary>
    public long? SourceDisk { get; init; }

    /// <summary>For the preflight: bytes free on the target's disk, which no SQL tells.</summary>
    public long? TargetDisk { get; init; }

    /// <summary>For the preflight: ask only the checks of these codes; empty: all.</summary>
    public IReadOnlyList<string> OnlyChecks { get; init; } = [];

    /// <summary>Findings of these codes do not block.</summary>
    public IReadOnlyList<string> IgnoredFindings { get; init; } = [];
}

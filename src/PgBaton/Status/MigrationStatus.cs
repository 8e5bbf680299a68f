namespace PgBaton;

/// <summary>Where a migration is, as read from the servers at one moment. Unknown is null.</summary>
/// <param name="Name">The migration's; null without a journal.</param>
/// <param name="State">
/// none, checking, copying, catching-up, in-sync, copied (offline), fenced, on-target, finished; or stopped: no process runs it, and it is not at an end. A report that is kept beyond the journal may say aborted.
/// </param>
/// <param name="Step">The step it is in, or goes on with; null without a journal.</param>
/// <param name="Writer">source, target, none (between fence and decision, or held closed during the copy) or unknown.</param>
/// <param name="Engine">The process that runs it; null if none does.</param>
/// <param name="Via">relay; subscription: the servers carry the changes, and no process has to run; or offline.</param>
/// <param name="Paused">Somebody said pause.</param>
/// <param name="Lag">How far the target is behind; null before there is a stream, and after the cutover.</param>
/// <param name="Slot">The replication slot on the source; null where the source was not asked or there is none.</param>
/// <param name="Tables">How many are where.</param>
/// <param name="Copy">The initial copy.</param>
/// <param name="Definitions">How the definitions of both sides compare; null before the target's are made, and with <c>--existing-schema</c>.</param>
/// <param name="Blockers">What keeps a cutover from beginning; null where it was not asked, or there was no answer in time.</param>
/// <param name="LastError">What the last run ended with; null once a run got past it.</param>
/// <param name="Word">What somebody asked for and has no answer yet: verify, cutover, cancel, finish, abort.</param>
/// <param name="Refused">The newest verify, cutover or rollback, if it was answered with an error; null if it was carried out.</param>
/// <param name="DowntimeSeconds">Of the cutover; null before it.</param>
/// <param name="SourceAddress"><c>host:port/database</c>.</param>
/// <param name="TargetAddress"><c>host:port/database</c>.</param>
/// <param name="SourceError">Why the source could not be asked; null if it was, or was not given.</param>
/// <param name="Next">The command to type next; null if there is nothing left to do.</param>
/// <param name="SafeToClose">The process that runs it may end now: no writer waits for it.</param>
public sealed record MigrationStatus(
    string? Name, string State, string? Step, string Writer, EngineSeen? Engine, string Via, bool Paused, LagStatus? Lag, SlotStatus? Slot,
    TableCounts Tables, CopyStatus Copy, SchemaStatus? Definitions, IReadOnlyList<Finding>? Blockers, ErrorReport? LastError, string? Word, RefusedWord? Refused, double? DowntimeSeconds,
    string? SourceAddress, string? TargetAddress, string? SourceError, string? Next, bool SafeToClose)
{
    /// <summary>The target's writes are carried back, so that a rollback is possible; null while the source is the writer.</summary>
    public bool? HasWayBack { get; init; }

    /// <summary>
    /// After <c>finish</c> the old source's database stays read-only by default. False: only a part of it was moved, or our role does not own it (PB0802). Null while the source is the writer.
    /// </summary>
    public bool? StaysReadOnly { get; init; }

    /// <summary>There is no journal on the target.</summary>
    internal static MigrationStatus None(string targetAddress) => new(
        Name: null, "none", Step: null, Writer: "source", Engine: null, "relay", Paused: false, Lag: null, Slot: null,
        new TableCounts(0, 0, 0), new CopyStatus(0, 0, EtaSeconds: null), Definitions: null, Blockers: null, LastError: null, Word: null, Refused: null, DowntimeSeconds: null,
        SourceAddress: null, targetAddress, SourceError: null, "pgbaton check", SafeToClose: true);
}

/// <summary>A word that was not carried out.</summary>
/// <param name="Word">verify, cutover or rollback.</param>
/// <param name="Error">The answer.</param>
public sealed record RefusedWord(string Word, ErrorReport Error);

/// <summary>How far the target is behind the source.</summary>
/// <param name="Bytes">WAL of the source that is not applied; null where the source was not asked.</param>
/// <param name="Seconds">Upper bound: since the newest moment of the source that is known to be on the target.</param>
/// <param name="ReceivedLsn">How far the slot's reader has acknowledged.</param>
/// <param name="AppliedLsn">Everything that ended before it is on the target.</param>
/// <param name="SourceLsn">Where the source writes.</param>
/// <param name="LastMessageAt">When a heartbeat last came back.</param>
/// <param name="TrendBytesPerSecond">By how much it grows, negative where it shrinks; null where the source was not asked, or nothing is known of some seconds ago.</param>
/// <param name="CaughtUpInSeconds">At that pace; 0 where there is no lag, null where it does not shrink.</param>
public sealed record LagStatus(
    long? Bytes, double? Seconds, string? ReceivedLsn, string AppliedLsn, string? SourceLsn, DateTimeOffset? LastMessageAt,
    double? TrendBytesPerSecond, double? CaughtUpInSeconds);

/// <summary>The replication slot on the source: one row of pg_replication_slots.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Active">Somebody reads it.</param>
/// <param name="WalStatus">reserved, extended, unreserved or lost.</param>
/// <param name="RetainedBytes">WAL that the source keeps for it.</param>
/// <param name="SafeBytes">WAL that may still be written before the slot is lost; null where nothing limits it.</param>
/// <param name="LostInSeconds">
/// Until it is lost at the rate of the last minutes, if nobody reads it any more; null where nothing limits it or the rate is not known.
/// </param>
public sealed record SlotStatus(string Name, bool Active, string? WalStatus, long? RetainedBytes, long? SafeBytes, double? LostInSeconds);

/// <summary>Tables in scope.</summary>
/// <param name="Total">All of them; 0 before the step that lists them.</param>
/// <param name="Copied">Their rows are on the target.</param>
/// <param name="Verified">Every row was compared and is equal.</param>
public sealed record TableCounts(long Total, long Copied, long Verified);

/// <summary>The initial copy.</summary>
/// <param name="BytesDone">On the target, counted as <paramref name="BytesTotal"/> counts.</param>
/// <param name="BytesTotal">Of all tables on the source.</param>
/// <param name="EtaSeconds">Until all rows are there, at the pace since it was begun or resumed last; null when nothing is being copied, or for too short a time.</param>
public sealed record CopyStatus(long BytesDone, long BytesTotal, double? EtaSeconds)
{
    /// <summary>Indexes that the target builds at this moment, for whomever.</summary>
    public IReadOnlyList<IndexInMaking> Building { get; init; } = [];
}

/// <summary>An index that is being built. It has no name for others before that is done.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Phase">In the server's words.</param>
/// <param name="DoneShare">Of this phase, from 0 to 1; null where the server does not count.</param>
public sealed record IndexInMaking(string Table, string Phase, double? DoneShare);

/// <summary>The definitions of both sides, compared.</summary>
/// <param name="At">When.</param>
/// <param name="Compared">Objects of the source.</param>
/// <param name="Waiting">Held back until the cutover: they are compared after it.</param>
/// <param name="Differences">What is not as on the source.</param>
/// <param name="NotCompared">Why nothing could be compared; null otherwise.</param>
public sealed record SchemaStatus(DateTimeOffset At, int Compared, int Waiting, IReadOnlyList<SchemaDifference> Differences, string? NotCompared);

/// <summary>One object that is not on both sides the same.</summary>
/// <param name="Object">Kind, schema, name.</param>
/// <param name="What">As the end of a sentence about it.</param>
/// <param name="Source">Its definition there.</param>
/// <param name="Target">Its definition there; null where it has none.</param>
public sealed record SchemaDifference(string Object, string What, string? Source, string? Target);

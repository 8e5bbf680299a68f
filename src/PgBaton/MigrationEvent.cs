using System.Text.Json.Serialization;

namespace PgBaton;

/// <summary>Everything the library ever reports. Terminal, <c>--json</c>, page, metrics and journal render the same events.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StepStarted), "step_started")]
[JsonDerivedType(typeof(StepDone), "step_done")]
[JsonDerivedType(typeof(StepUndone), "step_undone")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Paused), "paused")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(TableCopied), "table_copied")]
[JsonDerivedType(typeof(CopyProgress), "progress")]
[JsonDerivedType(typeof(IndexBuilt), "index_built")]
[JsonDerivedType(typeof(SchemaCompared), "schema_compared")]
[JsonDerivedType(typeof(LagMeasured), "lag")]
[JsonDerivedType(typeof(SlotMeasured), "slot")]
[JsonDerivedType(typeof(Retrying), "retry")]
[JsonDerivedType(typeof(FindingReported), "finding")]
[JsonDerivedType(typeof(VerifyProgress), "verify_progress")]
[JsonDerivedType(typeof(VerifyStopped), "verify_stopped")]
[JsonDerivedType(typeof(VerifyDone), "verify_done")]
[JsonDerivedType(typeof(TableVerified), "table_verified")]
[JsonDerivedType(typeof(TableRepaired), "table_repaired")]
[JsonDerivedType(typeof(DeltaVerified), "delta_verified")]
[JsonDerivedType(typeof(TableCounted), "table_counted")]
[JsonDerivedType(typeof(Rehearsed), "rehearsed")]
[JsonDerivedType(typeof(FenceSet), "fence_set")]
[JsonDerivedType(typeof(FenceLifted), "fence_lifted")]
[JsonDerivedType(typeof(SessionsEnded), "sessions_ended")]
[JsonDerivedType(typeof(MarkerApplied), "marker_applied")]
[JsonDerivedType(typeof(SequencesSet), "sequences_set")]
[JsonDerivedType(typeof(ReverseStarted), "reverse_started")]
[JsonDerivedType(typeof(Decided), "decided")]
[JsonDerivedType(typeof(TargetOpened), "target_opened")]
[JsonDerivedType(typeof(SourceOpened), "source_opened")]
[JsonDerivedType(typeof(InSync), "in_sync")]
[JsonDerivedType(typeof(HandedOver), "handed_over")]
[JsonDerivedType(typeof(Notice), "notice")]
[JsonDerivedType(typeof(Warning), "warning")]
public abstract record MigrationEvent;

/// <summary>A step has begun, or is run again from its start.</summary>
/// <param name="Step">Its name in the table of steps.</param>
/// <param name="Summary">The operator's sentence for it.</param>
public sealed record StepStarted(string Step, string Summary) : MigrationEvent;

/// <summary>A step is done and will not run again.</summary>
/// <param name="Step">Its name in the table of steps.</param>
/// <param name="Seconds">From its last start.</param>
public sealed record StepDone(string Step, double Seconds) : MigrationEvent;

/// <summary>A step was taken back: the fence was lifted, or the migration aborted.</summary>
/// <param name="Step">Its name in the table of steps.</param>
public sealed record StepUndone(string Step) : MigrationEvent;

/// <summary>An error that no further try would pass ended the process's work; somebody has to mend it.</summary>
/// <param name="Code">Its page is in docs/errors.</param>
/// <param name="Message">Without detail and hint.</param>
public sealed record Stopped(string Code, string Message) : MigrationEvent;

/// <summary>Somebody said pause: nothing is read or written any more.</summary>
/// <param name="Writer">The side whose applications go on.</param>
/// <param name="KeepsWal">Its server keeps WAL meanwhile.</param>
public sealed record Paused(string Writer, bool KeepsWal) : MigrationEvent;

/// <summary>Somebody said resume after a pause: the step that was held goes on.</summary>
public sealed record Resumed : MigrationEvent;

/// <summary>A table's rows are on the target, whole.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">As COPY counted them.</param>
/// <param name="Bytes">As they went over the wire.</param>
/// <param name="CopiedAt">The consistent point: changes of transactions that commit at or after it come through the stream.</param>
public sealed record TableCopied(string Table, long Rows, long Bytes, string CopiedAt) : MigrationEvent;

/// <summary>How far the copy of one table is; at most a few times a second for each.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="BytesDone">Over the wire so far.</param>
/// <param name="BytesTotal">The table's size on the source: an estimate for <paramref name="BytesDone"/>.</param>
public sealed record CopyProgress(string Table, long BytesDone, long BytesTotal) : MigrationEvent;

/// <summary>An index or constraint exists on the target.</summary>
/// <param name="Object">As pg_restore lists it: kind, schema, name.</param>
/// <param name="Seconds">How long the server took.</param>
public sealed record IndexBuilt(string Object, double Seconds) : MigrationEvent;

/// <summary>The definitions of both sides were compared, object by object.</summary>
/// <param name="Objects">Of the source.</param>
/// <param name="Waiting">Of these: held back until the cutover.</param>
/// <param name="Different">Of these: not as on the source; a warning names each.</param>
public sealed record SchemaCompared(int Objects, int Waiting, int Different) : MigrationEvent;

/// <summary>How far the target is behind.</summary>
/// <param name="Bytes">WAL written on the source and not yet applied.</param>
/// <param name="Seconds">Since the oldest transaction committed that is not applied; 0 when caught up.</param>
/// <param name="AppliedLsn">Everything that ended before it is on the target.</param>
/// <param name="Transactions">Applied since the relay started.</param>
/// <param name="Changes">Rows changed since the relay started.</param>
/// <param name="Batches">Transactions of the target that they took.</param>
public sealed record LagMeasured(long Bytes, double Seconds, string AppliedLsn, long Transactions, long Changes, long Batches) : MigrationEvent;

/// <summary>How much WAL is kept for our slot; every few seconds.</summary>
/// <param name="Slot">Its name.</param>
/// <param name="RetainedBytes">Kept on the writer's side.</param>
/// <param name="SafeBytes">May still be written there before the slot is lost, or given up; null: as much as the disk takes.</param>
public sealed record SlotMeasured(string Slot, long RetainedBytes, long? SafeBytes) : MigrationEvent;

/// <summary>Something failed that is worth another try.</summary>
/// <param name="Attempt">From 1; starts again after progress.</param>
/// <param name="Message">The server's or the network's words.</param>
/// <param name="DelaySeconds">Until the next try.</param>
public sealed record Retrying(int Attempt, string Message, double DelaySeconds) : MigrationEvent;

/// <summary>One answer of the preflight.</summary>
/// <param name="Finding">Code, severity, what was seen, what to do.</param>
public sealed record FindingReported(Finding Finding) : MigrationEvent;

/// <summary>How far a verification is; about once a second, in a long one seldom.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="BytesDone">On the source so far.</param>
/// <param name="BytesTotal">The table's size on the source.</param>
/// <param name="AllBytesDone">Of all tables, on the source so far.</param>
/// <param name="AllBytesTotal">Of all tables that this run compares.</param>
public sealed record VerifyProgress(string Table, long BytesDone, long BytesTotal, long AllBytesDone, long AllBytesTotal) : MigrationEvent;

/// <summary>Every row of a table was compared.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">On the source.</param>
/// <param name="IsEqual">Rows are the same multiset of the same bytes on both sides.</param>
public sealed record TableVerified(string Table, long Rows, bool IsEqual) : MigrationEvent;

/// <summary>A comparison was ended before all tables were compared; those that were done stay verified.</summary>
/// <param name="Reason">Why.</param>
public sealed record VerifyStopped(string Reason) : MigrationEvent;

/// <summary>All tables of a comparison were compared.</summary>
/// <param name="Tables">How many.</param>
/// <param name="Different">Of these: their rows are not the same on both sides.</param>
public sealed record VerifyDone(int Tables, int Different) : MigrationEvent;

/// <summary>Rows of a table that differed are on the subscriber now what they are on the publisher. It is verified again after this.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Written">Rows that were missing there, or had other values.</param>
/// <param name="Removed">Rows that were there and should not be, or had other values.</param>
public sealed record TableRepaired(string Table, long Written, long Removed) : MigrationEvent;

/// <summary>Inside the fence: the rows that were written since their tables were last compared are the same on both sides.</summary>
/// <param name="Tables">How many they are of.</param>
/// <param name="Rows">How many keys were looked up.</param>
/// <param name="Lsn">Everything before it was applied, on the publisher's side of things.</param>
/// <param name="RowsBefore">Keys that were looked up just before, while writers went on.</param>
public sealed record DeltaVerified(int Tables, long Rows, string Lsn, long RowsBefore) : MigrationEvent;

/// <summary>A table's rows were counted on both sides, which does not compare them.</summary>
/// <param name="Table">Qualified and quoted.</param>
/// <param name="Rows">On the source.</param>
/// <param name="TargetRows">On the target.</param>
public sealed record TableCounted(string Table, long Rows, long TargetRows) : MigrationEvent;

/// <summary>A cutover was rehearsed: nothing was closed, nothing stays.</summary>
/// <param name="ClosingSeconds">The writers in flight took so long to end.</param>
/// <param name="DrainingSeconds">The last changes, and the markers that prove them.</param>
/// <param name="VerifyingSeconds">Comparing rows that were written since the last comparison.</param>
/// <param name="SequencesSeconds">Reading all sequences on both sides.</param>
/// <param name="OpeningSeconds">What waits for the opening.</param>
public sealed record Rehearsed(
    double ClosingSeconds, double DrainingSeconds, double VerifyingSeconds, double SequencesSeconds, double OpeningSeconds) : MigrationEvent
{
    /// <summary>The downtime that a cutover would have cost.</summary>
    public double ExpectedDowntimeSeconds => ClosingSeconds + DrainingSeconds + VerifyingSeconds + SequencesSeconds + OpeningSeconds;
}

/// <summary>Nobody can write any more.</summary>
/// <param name="Seconds">From asking for the fence until the last write in flight had ended.</param>
public sealed record FenceSet(double Seconds) : MigrationEvent;

/// <summary>The writers carry on where they were, as if nothing had happened. Reported the moment they do.</summary>
/// <param name="Reason">Why the cutover did not take place.</param>
/// <param name="Seconds">From asking for the fence until it was lifted: nobody waited longer. 0 if it never was set.</param>
public sealed record FenceLifted(string Reason, double Seconds) : MigrationEvent;

/// <summary>Around the decision, sessions of others on the former writer were told to end: what they had not committed is rolled back.</summary>
/// <param name="Count">Of those that our role may end.</param>
/// <param name="InTransaction">Of these: a transaction was open, as far as our role may see that.</param>
/// <param name="Side"><c>source</c> or <c>target</c>: where they were.</param>
/// <param name="IsAgain">After the decision: they had come since the others were ended.</param>
public sealed record SessionsEnded(int Count, int InTransaction, string Side, bool IsAgain) : MigrationEvent;

/// <summary>The fence's marker was applied, so everything before it is on the target.</summary>
/// <param name="Lsn">F: the commit LSN of the marker.</param>
public sealed record MarkerApplied(string Lsn) : MigrationEvent;

/// <summary>Every sequence of the target stands where the source's stands.</summary>
/// <param name="Count">How many.</param>
public sealed record SequencesSet(int Count) : MigrationEvent;

/// <summary>The other way has started: whatever the new writer commits is carried back.</summary>
/// <param name="Lsn">R: where it starts, in the new writer's WAL.</param>
public sealed record ReverseStarted(string Lsn) : MigrationEvent;

/// <summary>The point of no return: that side is the writer from now on.</summary>
/// <param name="Writer"><c>target</c>, or <c>source</c> after a rollback.</param>
public sealed record Decided(string Writer) : MigrationEvent;

/// <summary>Writers may come.</summary>
/// <param name="DowntimeSeconds">From asking for the fence to here.</param>
public sealed record TargetOpened(double DowntimeSeconds) : MigrationEvent;

/// <summary>After a rollback: writers may come back to the source.</summary>
/// <param name="DowntimeSeconds">From asking for the fence to here.</param>
public sealed record SourceOpened(double DowntimeSeconds) : MigrationEvent;

/// <summary>Everything is copied and indexed, and the newest heartbeat came back.</summary>
/// <param name="LagSeconds">How long the heartbeat took.</param>
public sealed record InSync(double LagSeconds) : MigrationEvent;

/// <summary>Somebody else carries the stream from here on.</summary>
/// <param name="Via">relay or subscription.</param>
/// <param name="Lsn">Everything before it was applied by the other; it goes on from there.</param>
public sealed record HandedOver(string Via, string Lsn) : MigrationEvent;

/// <summary>Something worth knowing.</summary>
/// <param name="Message">One line.</param>
public sealed record Notice(string Message) : MigrationEvent;

/// <summary>Something that will hurt if nobody acts.</summary>
/// <param name="Code">With a page in docs/errors.</param>
/// <param name="Message">One line.</param>
/// <param name="Hint">What to do.</param>
public sealed record Warning(string Code, string Message, string? Hint) : MigrationEvent;

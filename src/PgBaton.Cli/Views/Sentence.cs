using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Views;

/// <summary>An event in one line; null for those that only move a bar.</summary>
static class Sentence
{
    public static string? Of(MigrationEvent happened) => happened switch
    {
        StepStarted step => $"{step.Step}: {step.Summary}",
        StepDone { Step: "fence" } step => $"fence: done in {Duration(step.Seconds)}, counting what was made ready and compared before the writers waited",
        StepDone step => $"{step.Step}: done in {Duration(step.Seconds)}",
        StepUndone step => $"{step.Step}: undone",
        Stopped stopped => $"stopped: {stopped.Code}: {stopped.Message}",
        Paused paused => $"paused: nothing is read or written until it is resumed; the {paused.Writer} {(paused.KeepsWal ? "keeps its WAL" : "stays as it is")} meanwhile",
        Resumed => "resumed",
        TableCopied table => $"copied {table.Table}: {Many(table.Rows, "row")}, {Bytes(table.Bytes)}",
        SchemaCompared schema => $"compared the definitions of both sides: {Count(schema.Objects)} objects"
            + (schema.Waiting > 0 ? $", {Count(schema.Waiting)} {(schema.Waiting == 1 ? "waits" : "wait")} for the cutover" : "")
            + (schema.Different > 0 ? $", {Count(schema.Different)} {(schema.Different == 1 ? "differs" : "differ")}" : schema.Waiting > 0 ? ", the others are equal" : ", equal"),
        IndexBuilt index => $"built {index.Object} in {Duration(index.Seconds)}",
        Retrying retry => $"try {retry.Attempt} failed, next one in {Duration(retry.DelaySeconds)}: {retry.Message}",
        FindingReported { Finding.Severity: Severity.Ok } => null,
        FindingReported { Finding: var finding } => OfFinding(finding),
        TableVerified { IsEqual: true } table => $"verified {table.Table}: {Many(table.Rows, "row")}, equal",
        TableVerified table => $"verified {table.Table}: DIFFERS",
        VerifyStopped stopped => $"the comparison was stopped: {stopped.Reason}; tables that were done stay verified",
        VerifyDone { Different: 0 } done => $"compared {Many(done.Tables, "table")}: {(done.Tables == 1 ? "equal" : "all equal")}",
        VerifyDone done => $"compared {Many(done.Tables, "table")}: {Count(done.Different)} {(done.Different == 1 ? "differs" : "differ")}",
        TableRepaired repaired => $"repaired {repaired.Table}: {Many(repaired.Written, "row")} written, {Count(repaired.Removed)} removed",
        DeltaVerified delta => $"what was written since the tables were compared is equal: {Many(delta.RowsBefore, "row")} compared just before the fence, {Count(delta.Rows)} inside it",
        TableCounted count => $"counted {count.Table}: {Count(count.Rows)} on the source, {Count(count.TargetRows)} on the target",
        Rehearsed rehearsed => $"rehearsed, nothing was closed: in a cutover nobody could write for about {Duration(rehearsed.ExpectedDowntimeSeconds)} "
                               + $"(writers {Duration(rehearsed.ClosingSeconds)}, last changes {Duration(rehearsed.DrainingSeconds)}, "
                               + $"their rows verified {Duration(rehearsed.VerifyingSeconds)}, "
                               + $"sequences {Duration(rehearsed.SequencesSeconds)}, opening {Duration(rehearsed.OpeningSeconds)})",
        FenceSet fence => $"fence: nobody can write (took {Duration(fence.Seconds)})",
        FenceLifted lifted => $"fence lifted{(lifted.Seconds > 0 ? $" after {Duration(lifted.Seconds)}" : "")}, the writers carry on: {lifted.Reason}",
        SessionsEnded ended => (ended.IsAgain ? $"ended {Many(ended.Count, "session")} that had come to the {ended.Side} since"
                : $"ended {Many(ended.Count, "session")} that would have stayed connected to the {ended.Side}")
            + (ended.InTransaction > 0 ? $"; {Many(ended.InTransaction, "open transaction")} rolled back" : ""),
        MarkerApplied marker => $"marker applied: everything up to {marker.Lsn} is on the other side",
        SequencesSet sequences => $"set {Many(sequences.Count, "sequence")}",
        ReverseStarted reverse => $"the stream the other way starts at {reverse.Lsn}",
        Decided decided => $"decided: the {decided.Writer} is the writer",
        TargetOpened opened => $"target open; nobody could write for {Duration(opened.DowntimeSeconds)}",
        SourceOpened opened => $"source open; nobody could write for {Duration(opened.DowntimeSeconds)}",
        InSync sync => $"in sync: a heartbeat came back in {Duration(sync.LagSeconds)}",
        HandedOver { Via: "subscription" } handed => $"the servers carry the changes from {handed.Lsn} on",
        HandedOver handed => $"pgbaton carries the changes from {handed.Lsn} on",
        Notice notice => $"notice: {notice.Message}",
        Warning warning => $"WARNING {warning.Code}: {warning.Message}{(warning.Hint is null ? "" : $" ({warning.Hint})")}",
        CopyProgress or VerifyProgress or LagMeasured or SlotMeasured => null,
        _ => Secrets.Remove(happened.ToString()),
    };

    /// <summary>Severity, code, what was seen.</summary>
    public static string OfFinding(Finding finding) => $"{finding.Severity.ToString().ToUpperInvariant(),-7} {finding.Code}: {finding.Message}";

    public static string OfLag(LagMeasured lag) => $"lag {Bytes(lag.Bytes)}, {Duration(lag.Seconds)}; applied {Many(lag.Transactions, "transaction")}, {Many(lag.Changes, "change")}";
}

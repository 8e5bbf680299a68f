namespace PgBaton.Tests.Model;

/// <summary>What may happen next, named as in the code. <paramref name="without"/> takes one rule away, to see that it is needed.</summary>
sealed class Actions(Rule without)
{
    const int Transactions = 3, TargetTransactions = 1, Epochs = 3;

    public IEnumerable<(string Name, Handover Next)> From(Handover state)
        => [.. Others(state), .. OfEngine(state), .. OfFormer(state)];

    bool Keeps(Rule rule) => without != rule;

    // Writers, crashes, and another process.
    static IEnumerable<(string, Handover)> Others(Handover state)
    {
        if (state.Gate == SourceGate.Open && state.Written < Transactions)
            yield return ("write on the source", state with { Written = state.Written + 1 });
        if (state.TargetOpen && state.TargetWritten < TargetTransactions)
            yield return ("write on the target", state with { TargetWritten = state.TargetWritten + 1 });
        if (state.Former is not null)
            yield return ("the former engine dies", state with { Former = null });
        if (state.Engine is { } engine)
            yield return ("kill -9", LiftFence(state, engine.Epoch) with { Engine = null });
        if (state.Epoch == Epochs)
            yield break;
        var started = new Process(state.Epoch + 1, false, false, 0, 0, false, false);
        if (state.Engine is null)
            yield return ("Journal.TakeAsync", state with { Engine = started, Epoch = state.Epoch + 1 });
        if (state is { Engine: { } asleep, Former: null }) // It sleeps and has lost its lock; its sessions on both servers are ended.
            yield return ("Journal.TakeAsync, the former sleeps", LiftFence(state, asleep.Epoch) with { Engine = started, Epoch = state.Epoch + 1, Former = asleep with { Attached = false, Marker = false } });
    }

    IEnumerable<(string, Handover)> OfEngine(Handover state)
    {
        if (state.Engine is not { } engine)
            yield break;
        if (state.Slot < 0)
            yield return ("CreateSlot", state with { Slot = state.Written, Confirmed = state.Written });
        foreach (var next in Copying(state, engine).Concat(Relaying(state, engine)).Concat(CuttingOver(state, engine)))
            yield return next;
    }

    static IEnumerable<(string, Handover)> Copying(Handover state, Process engine)
    {
        if (state.Slot < 0 || state.Copied)
            yield break;
        if (!engine.HoldsSnapshot) // A snapshot whose session died is of no use: the next run begins the copy again, under another.
            yield return ("ExportedSnapshot", state with { Snapshot = state.Written, Engine = engine with { HoldsSnapshot = true } });
        else
            yield return ("CopyTables", (state with { Copied = true, Rows = 0, Progress = state.Slot }).Add(0, state.Snapshot));
    }

    IEnumerable<(string, Handover)> Relaying(Handover state, Process engine)
    {
        if (!state.Copied || state.TargetOpen)
            yield break;
        if (!engine.Attached)
        {
            var from = Math.Max(Keeps(Rule.StreamStartsAtProgress) ? state.Progress : 0, state.Confirmed); // The server never goes back behind what was acknowledged.
            yield return ("SourceStream.StartAsync", state with { Engine = engine with { Attached = true, Known = from, Received = from } });
            yield break;
        }

        if (engine.Received < state.Written && !engine.Rowed)
            yield return ("receive", state with { Engine = engine with { Received = engine.Received + 1 } });
        foreach (var next in Committing(state, engine, (s, process) => s with { Engine = process }))
            yield return next;
        var acknowledged = Keeps(Rule.AcknowledgeAfterCommit) ? engine.Known : engine.Received;
        if (acknowledged > state.Confirmed)
            yield return ("SourceStream.Acknowledge", state with { Confirmed = acknowledged });
    }

    // A batch: the rows, the progress row and the check of the epoch are one transaction.
    IEnumerable<(string, Handover)> Committing(Handover state, Process process, Func<Handover, Process, Handover> keep)
    {
        if (process.Received <= process.Known || (Keeps(Rule.EpochIsChecked) && process.Epoch != state.Epoch))
            yield break;
        var from = Keeps(Rule.SnapshotIsSkipped) ? Math.Max(process.Known, state.Snapshot) : process.Known;
        var rows = process.Rowed ? state : state.Add(from, process.Received);
        if (!Keeps(Rule.ProgressIsInTheTransaction) && !process.Rowed)
            yield return ("Applier, rows alone", keep(rows, process with { Rowed = true }));
        else
            yield return ("Applier, COMMIT", keep(rows with { Progress = process.Received }, process with { Known = process.Received, Rowed = false }));
    }

    IEnumerable<(string, Handover)> CuttingOver(Handover state, Process engine)
    {
        if (!state.Copied)
            yield break;
        var isMine = state.Gate == SourceGate.Fenced && state.FencedBy == engine.Epoch;
        var mayGoOn = isMine || (!Keeps(Rule.FenceBeforeDecision) && state.Gate == SourceGate.Open);
        if (state.Reverse < 0)
            yield return ("EarlySlot", state with { Reverse = state.TargetWritten });
        if (engine.Attached && state.Gate == SourceGate.Open)
            yield return ("Fence.CloseAsync", state with { Gate = SourceGate.Fenced, FencedBy = engine.Epoch, Engine = engine with { Marker = false } });
        if (isMine)
            yield return ("SetFence.UndoAsync", LiftFence(state, engine.Epoch) with { Engine = engine with { Marker = false } });
        if (mayGoOn && !engine.Marker && engine.Attached && engine.Known == state.Written)
            yield return ("Fence.DrainAsync", state with { Engine = engine with { Marker = true } });
        if (mayGoOn && (engine.Marker || !Keeps(Rule.MarkerBeforeDecision)) && (state.Reverse >= 0 || !Keeps(Rule.ReverseBeforeDecision)))
            yield return ("Fence.DecideAsync", state with { Gate = SourceGate.Closed, FencedBy = 0 });
        if ((state.Gate == SourceGate.Closed || (!Keeps(Rule.DecisionBeforeOpen) && isMine && engine.Marker)) && !state.TargetOpen)
            yield return ("GateRow.OpenAsync", state with { TargetOpen = true });
    }

    // What it had ready when it fell asleep, it does now.
    IEnumerable<(string, Handover)> OfFormer(Handover state)
        => state is { Former: { } former, Copied: true }
            ? Committing(state, former, (s, process) => s with { Former = process }).Select(next => ($"the former engine: {next.Item1}", next.Item2)) : [];

    static Handover LiftFence(Handover state, int epoch)
        => state.Gate == SourceGate.Fenced && state.FencedBy == epoch ? state with { Gate = SourceGate.Open, FencedBy = 0 } : state;
}

/// <summary>Each of them is needed: without it, something breaks.</summary>
public enum Rule
{
    /// <summary>All of them hold.</summary>
    None,

    /// <summary>The stream is asked for from where the target is, not from where the slot is.</summary>
    StreamStartsAtProgress,

    /// <summary>The source is told only what is committed on the target.</summary>
    AcknowledgeAfterCommit,

    /// <summary>Rows and progress are committed together.</summary>
    ProgressIsInTheTransaction,

    /// <summary>What the copy's snapshot has seen is not applied again.</summary>
    SnapshotIsSkipped,

    /// <summary>A former engine commits nothing any more.</summary>
    EpochIsChecked,

    /// <summary>The decision is made behind the fence.</summary>
    FenceBeforeDecision,

    /// <summary>A marker proves that everything is applied.</summary>
    MarkerBeforeDecision,

    /// <summary>The slot of the way back exists before anybody may write on the target.</summary>
    ReverseBeforeDecision,

    /// <summary>The source is closed for good before the target is opened.</summary>
    DecisionBeforeOpen,
}

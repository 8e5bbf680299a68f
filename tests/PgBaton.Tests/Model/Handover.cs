namespace PgBaton.Tests.Model;

/// <summary>
/// One table, a few transactions, and everything that outlives a process: small enough to look at every state there can be. Transactions are
/// numbered from 0; a position is the number of the next one.
/// </summary>
/// <param name="Written">How many the source's writers have committed.</param>
/// <param name="Slot">Where the slot began; -1 without a slot.</param>
/// <param name="Confirmed">What its reader has acknowledged: the source may forget everything before.</param>
/// <param name="Snapshot">Where the copy's snapshot stood; -1 before it.</param>
/// <param name="Copied">The rows of the snapshot are on the target, and the journal says so.</param>
/// <param name="Rows">How often each transaction is on the target: two bits each.</param>
/// <param name="Progress">The progress row on the target: everything before is applied.</param>
/// <param name="Epoch">Of the newest engine.</param>
/// <param name="Gate">The source's.</param>
/// <param name="FencedBy">The epoch of the engine whose session holds the fence; 0 if none does.</param>
/// <param name="TargetOpen">The target's gate lets writers in.</param>
/// <param name="Reverse">Where the slot of the way back begins, in writes of the target; -1 without one.</param>
/// <param name="TargetWritten">How many the target's writers have committed.</param>
/// <param name="Engine">The newest process; null if it is dead.</param>
/// <param name="Former">One that was only asleep while another took over; null if there is none.</param>
readonly record struct Handover(
    int Written, int Slot, int Confirmed, int Snapshot, bool Copied, int Rows, int Progress, int Epoch, SourceGate Gate, int FencedBy,
    bool TargetOpen, int Reverse, int TargetWritten, Process? Engine, Process? Former)
{
    public static Handover Start { get; } = new() { Slot = -1, Snapshot = -1, Reverse = -1 };

    public int CountOf(int transaction) => (Rows >> (2 * transaction)) & 3;

    public Handover Add(int from, int to)
    {
        var rows = Rows;
        for (var i = from; i < to; i++)
            rows += CountOf(i) < 3 ? 1 << (2 * i) : 0;
        return this with { Rows = rows };
    }
}

/// <summary>The source's gate.</summary>
enum SourceGate
{
    /// <summary>Writers pass.</summary>
    Open,

    /// <summary>They wait, as long as one session lives.</summary>
    Fenced,

    /// <summary>Decided: for good.</summary>
    Closed,
}

/// <summary>What a process knows and a crash forgets.</summary>
/// <param name="Epoch">Its own.</param>
/// <param name="HoldsSnapshot">The session that exported the copy's snapshot lives.</param>
/// <param name="Attached">It reads the slot.</param>
/// <param name="Known">It has committed everything before on the target.</param>
/// <param name="Received">It has read everything before from the slot.</param>
/// <param name="Rowed">It has written the rows of its batch, but not what says so: only where that is possible.</param>
/// <param name="Marker">A marker written behind the fence has come back.</param>
readonly record struct Process(int Epoch, bool HoldsSnapshot, bool Attached, int Known, int Received, bool Rowed, bool Marker);

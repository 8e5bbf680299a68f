namespace PgBaton.Copy;

/// <summary>
/// The parts of a round of which this process does not know yet that they are done. Which of them are free, only an attempt tells: others copy
/// from the same journal.
/// </summary>
sealed class PartQueue
{
    readonly Lock _lock = new();
    readonly Dictionary<(uint Table, int Number), TablePart> _open;
    readonly HashSet<(uint Table, int Number)> _here = [];
    readonly Queue<TablePart> _next;
    readonly TaskCompletionSource _over = New();
    TaskCompletionSource _more = New();

    /// <param name="parts">In the order in which they are to be copied.</param>
    public PartQueue(IEnumerable<TablePart> parts)
    {
        _next = new(parts);
        _open = _next.ToDictionary(Key);
        EndIfOver();
    }

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Parts are open, and none of them is tried or copied in this process: others have them.</summary>
    public bool IsWithOthers
    {
        get
        {
            lock (_lock)
                return _open.Count > 0 && _here.Count == 0 && _next.Count == 0;
        }
    }

    /// <summary>The next one to be tried, which must be given back; null once none is open. Waits while all that are open are tried or copied.</summary>
    public async Task<TablePart?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_open.Count == 0)
                    return null;
                while (_next.TryDequeue(out var part))
                {
                    if (_open.ContainsKey(Key(part)) && _here.Add(Key(part)))
                        return part;
                }

                more = _more.Task;
            }

            await Task.WhenAny(more, _over.Task).WaitAsync(ct);
        }
    }

    /// <summary>The attempt has ended.</summary>
    public void GiveBack(TablePart part, PartOutcomeKind outcome)
    {
        lock (_lock)
        {
            _here.Remove(Key(part));
            if (outcome == PartOutcomeKind.Changed)
                Close(key => key.Table == part.Table.Oid);
            else if (outcome != PartOutcomeKind.Taken && _open.Remove(Key(part)))
                EndIfOver();
        }
    }

    /// <summary>No other part is open, says the journal. What is open and not in the hands of this process is tried again: its worker may have died.</summary>
    public void Narrow(IReadOnlySet<(uint Table, int Number)> open)
    {
        lock (_lock)
        {
            Close(key => !open.Contains(key));
            if (_next.Count > 0 || _open.Count == 0)
                return;
            foreach (var (key, part) in _open)
            {
                if (!_here.Contains(key))
                    _next.Enqueue(part);
            }

            _more.TrySetResult();
            _more = New();
        }
    }

    /// <summary>True as soon as none is open; false when the time is over before that.</summary>
    public async Task<bool> IsOverWithinAsync(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        await Task.WhenAny(_over.Task, Task.Delay(time, clock, ct));
        ct.ThrowIfCancellationRequested();
        return _over.Task.IsCompleted;
    }

    void Close(Func<(uint Table, int Number), bool> isClosed)
    {
        foreach (var key in _open.Keys.Where(isClosed).ToList())
            _open.Remove(key);
        EndIfOver();
    }

    void EndIfOver()
    {
        if (_open.Count == 0)
            _over.TrySetResult();
    }

    static (uint Table, int Number) Key(TablePart part) => (part.Table.Oid, part.Number);

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace PgBaton.Schema;

/// <summary>
/// Which entries can be made at the same time: what one needs must be there, and two that lock the same table exclude each other (but any
/// number of plain indexes of one table can be built together).
/// </summary>
sealed class Schedule
{
    // What takes the server no time shares a transaction.
    const int GroupSize = 50;

    readonly List<Entry> _pending;
    readonly IReadOnlySet<int> _tables;
    readonly HashSet<int> _unmade;
    readonly List<IReadOnlyList<Entry>> _running = [];

    /// <param name="entries">In an order in which they can be made.</param>
    /// <param name="tables">Ids of entries that are tables.</param>
    public Schedule(IReadOnlyList<Entry> entries, IReadOnlySet<int> tables)
    {
        // The longest first, so that it does not run alone at the end; what is quick fills the gaps.
        _pending = [.. entries.OrderByDescending(entry => IsLong(entry) ? entry.Bytes : -1)];
        _tables = tables;
        _unmade = [.. entries.Select(entry => entry.Id)];
    }

    /// <summary>Runs them all, as many at a time as there are <paramref name="workers"/>; the first failure ends the others.</summary>
    public async Task RunAsync<T>(IReadOnlyCollection<T> workers, Func<T, IReadOnlyList<Entry>, CancellationToken, Task> makeAsync, CancellationToken ct)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var idle = new Stack<T>(workers);
        var tasks = new List<Task<(T Worker, IReadOnlyList<Entry> Entries)>>();
        try
        {
            while (_pending.Count + tasks.Count > 0)
            {
                while (idle.Count > 0 && Next() is { } entries)
                    tasks.Add(RunAsync(idle.Pop(), entries));

                var ended = await Task.WhenAny(tasks);
                tasks.Remove(ended);
                var done = await ended;
                idle.Push(done.Worker);
                _running.Remove(done.Entries);
                _unmade.ExceptWith(done.Entries.Select(entry => entry.Id));
            }
        }
        finally
        {
            await failed.CancelAsync();
            await Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        async Task<(T Worker, IReadOnlyList<Entry> Entries)> RunAsync(T worker, IReadOnlyList<Entry> entries)
        {
            await makeAsync(worker, entries, failed.Token);
            return (worker, entries);
        }
    }

    // Null: everything that is left waits for something that runs.
    List<Entry>? Next()
    {
        var next = _pending.Find(entry => IsLong(entry) && IsReady(entry)) is { } longOne ? [longOne] : NextGroup();
        // pg_dump breaks every circle of needs; should one be left, the archive's order decides.
        if (next.Count == 0 && _running.Count == 0 && _pending.Count > 0)
            next = [_pending[0]];
        if (next.Count == 0)
            return null;
        _pending.RemoveAll(next.Contains);
        _running.Add(next);
        return next;
    }

    // One group at a time: they lock more than they name (a partition's index takes along its parent's).
    List<Entry> NextGroup()
    {
        var group = new List<Entry>();
        if (_running.Exists(running => !IsLong(running[0])))
            return group;
        foreach (var entry in _pending.Where(entry => !IsLong(entry)))
        {
            if (group.Count < GroupSize && IsReady(entry, group))
                group.Add(entry);
        }

        return group;
    }

    bool IsReady(Entry entry, IReadOnlyCollection<Entry>? with = null)
        => !entry.Needs.Any(need => _unmade.Contains(need) && with?.Any(other => other.Id == need) != true)
           && !_running.SelectMany(running => running).Any(other => Exclude(entry, other));

    bool Exclude(Entry one, Entry other)
        => !(one.Kind == "INDEX" && other.Kind == "INDEX")
           && one.Needs.Any(need => _tables.Contains(need) && other.Needs.Contains(need));

    static bool IsLong(Entry entry) => entry.IsIndex || entry.Kind == "FK CONSTRAINT";
}

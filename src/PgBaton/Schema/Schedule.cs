namespace PgBaton.Schema;

/// <summary>
/// Which entries can be made at the same time: what one needs must be there, and two that lock the same table exclude each other (but any
/// number of plain indexes of one table can be built together).
/// </summary>
sealed class Schedule
{
    // What takes the server no time shares a transaction.
    const int GroupSize = 50;

    readonly List<Entry> _long;
    readonly List<Entry> _quick;
    readonly IReadOnlySet<int> _tables;
    readonly HashSet<int> _unmade;
    readonly HashSet<int> _locked = [];
    readonly Dictionary<int, int> _indexed = []; // How many plain indexes of a table are being built.
    int _running;
    bool _quickOnesRun;

    /// <param name="entries">In an order in which they can be made.</param>
    /// <param name="tables">Ids of entries that are tables.</param>
    public Schedule(IReadOnlyList<Entry> entries, IReadOnlySet<int> tables)
    {
        // The largest table's first, so that they do not run alone at the end; what is quick fills the gaps.
        _long = [.. entries.Where(IsLong).OrderByDescending(entry => entry.Bytes)];
        _quick = [.. entries.Where(entry => !IsLong(entry))];
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
            while (_long.Count + _quick.Count + tasks.Count > 0)
            {
                while (idle.Count > 0 && Next() is { } entries)
                    tasks.Add(RunAsync(idle.Pop(), entries));

                var ended = await Task.WhenAny(tasks);
                tasks.Remove(ended);
                var done = await ended;
                idle.Push(done.Worker);
                End(done.Entries);
            }
        }
        finally
        {
            await failed.EndAsync(Task.WhenAll(tasks));
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
        var next = NextLong() ?? NextGroup();
        // pg_dump breaks every circle of needs; should one be left, the archive's order decides.
        if (next is null && _running == 0 && (_quick.FirstOrDefault() ?? _long.FirstOrDefault()) is { } first)
            next = Take([first]);
        if (next is not null)
            Begin(next);
        return next;
    }

    List<Entry>? NextLong()
    {
        var index = _long.FindIndex(entry => IsReady(entry));
        if (index < 0)
            return null;
        List<Entry> next = [_long[index]];
        _long.RemoveAt(index);
        return next;
    }

    // One group at a time: they lock more than they name (a partition's index takes along its parent's).
    List<Entry>? NextGroup()
    {
        if (_quickOnesRun)
            return null;
        var group = new Dictionary<int, Entry>();
        foreach (var entry in _quick)
        {
            if (group.Count == GroupSize)
                break;
            if (IsReady(entry, group))
                group.Add(entry.Id, entry);
        }

        return group.Count > 0 ? Take(group.Values) : null;
    }

    List<Entry> Take(IEnumerable<Entry> entries)
    {
        var taken = entries.ToDictionary(entry => entry.Id);
        _quick.RemoveAll(entry => taken.ContainsKey(entry.Id));
        _long.RemoveAll(entry => taken.ContainsKey(entry.Id));
        return [.. taken.Values];
    }

    bool IsReady(Entry entry, Dictionary<int, Entry>? with = null)
    {
        foreach (var need in entry.Needs)
        {
            if (_unmade.Contains(need) && with?.ContainsKey(need) != true)
                return false;
            if (_locked.Contains(need) || (entry.Kind != "INDEX" && _indexed.ContainsKey(need)))
                return false;
        }

        return true;
    }

    void Begin(List<Entry> entries)
    {
        _running++;
        _quickOnesRun |= !IsLong(entries[0]);
        foreach (var entry in entries)
        {
            foreach (var table in entry.Needs.Where(_tables.Contains))
            {
                if (entry.Kind == "INDEX")
                    _indexed[table] = _indexed.GetValueOrDefault(table) + 1;
                else
                    _locked.Add(table);
            }
        }
    }

    void End(IReadOnlyList<Entry> entries)
    {
        _running--;
        _quickOnesRun &= IsLong(entries[0]);
        foreach (var entry in entries)
        {
            _unmade.Remove(entry.Id);
            foreach (var table in entry.Needs.Where(_tables.Contains))
            {
                if (entry.Kind != "INDEX")
                    _locked.Remove(table);
                else if (--_indexed[table] == 0)
                    _indexed.Remove(table);
            }
        }
    }

    static bool IsLong(Entry entry) => entry.IsIndex || entry.Kind == "FK CONSTRAINT";
}

using PgBaton.Evidence;

namespace PgBaton.Web;

/// <summary>The lag as looks at the status have shown it: while the servers carry the changes, nobody writes it into the journal.</summary>
sealed class SeenLag
{
    const int Most = 600;

    readonly Lock _lock = new();
    readonly List<ReportedLag> _seen = [];
    TimeSpan _apart = TimeSpan.Zero;

    /// <summary>What a look has shown; none that there is no migration.</summary>
    public void Add(DateTimeOffset at, MigrationStatus? status)
    {
        lock (_lock)
        {
            if (status is { State: "none" })
            {
                _seen.Clear();
                _apart = TimeSpan.Zero;
            }

            if (status?.Lag is not { Bytes: { } bytes } lag || (_seen is [.., var last] && at - last.At < _apart))
                return;
            _seen.Add(new ReportedLag(at, bytes, lag.Seconds ?? 0));
            if (_seen.Count > Most)
                Thin();
        }
    }

    // Every second one goes, and what comes is added half as often.
    void Thin()
    {
        var kept = _seen.Where((_, i) => i % 2 == 0).ToList();
        _seen.Clear();
        _seen.AddRange(kept);
        _apart = (_seen[^1].At - _seen[0].At) / _seen.Count;
    }

    /// <summary>With what the journal has, by time.</summary>
    public IReadOnlyList<ReportedLag> Beside(IReadOnlyList<ReportedLag> journaled)
    {
        lock (_lock)
            return [.. journaled.Concat(_seen).OrderBy(one => one.At)];
    }
}

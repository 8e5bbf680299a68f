namespace PgBaton.Cli.Views;

/// <summary>How fast a growing number grows, over the last seconds, and when it will arrive. Pure: the caller brings the time.</summary>
sealed class Pace
{
    // Long enough to be calm, short enough to notice that something stands still.
    static readonly TimeSpan _window = TimeSpan.FromSeconds(10);
    static readonly TimeSpan _tooShort = TimeSpan.FromMilliseconds(500);

    readonly Queue<(DateTimeOffset At, long Value)> _samples = new();
    (DateTimeOffset At, long Value) _newest;

    public long Value => _newest.Value;

    /// <summary>A smaller value than before is a new beginning.</summary>
    public void Add(DateTimeOffset at, long value)
    {
        if (_samples.Count > 0 && (value < _newest.Value || at < _newest.At))
            _samples.Clear();
        _newest = (at, value);
        _samples.Enqueue(_newest);
        Forget(at);
    }

    /// <summary>Per second up to now; null as long as too little is known. 0 when it stands still.</summary>
    public double? PerSecond(DateTimeOffset now)
    {
        Forget(now);
        if (_samples.Count == 0)
            return null;
        var oldest = _samples.Peek();
        var elapsed = now - oldest.At;
        return elapsed < _tooShort || (_samples.Count == 1 && elapsed < _window) ? null : (_newest.Value - oldest.Value) / elapsed.TotalSeconds;
    }

    /// <summary>Until <paramref name="total"/> is reached; null if that cannot be said. Zero when it is.</summary>
    public TimeSpan? Remaining(long total, DateTimeOffset now)
    {
        if (_samples.Count > 0 && Value >= total)
            return TimeSpan.Zero;
        if (PerSecond(now) is not { } rate || rate <= 0)
            return null;
        var seconds = (total - Value) / rate;
        return seconds > TimeSpan.FromDays(365).TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }

    // One sample older than the window stays: it is where the window begins.
    void Forget(DateTimeOffset now)
    {
        while (_samples.Count > 1 && now - _samples.ElementAt(1).At >= _window)
            _samples.Dequeue();
    }
}

namespace PgBaton.Copy;

/// <summary>Keeps all readers of one process together below a rate: who has read a piece waits until the time that it takes at that rate is over.</summary>
/// <param name="bytesPerSecond">Of COPY data, never to be passed; null is no limit.</param>
/// <param name="time">The clock.</param>
sealed class Brake(long? bytesPerSecond, TimeProvider time)
{
    const long Slowest = 1 << 20;

    // What was left over while nobody read may be made up for, but not more than that.
    static readonly TimeSpan _credit = TimeSpan.FromMilliseconds(250);

    readonly Lock _turn = new();
    readonly long _started = time.GetTimestamp();
    TimeSpan _due, _looked;
    long _taken, _fastest;
    long? _drawn;

    /// <summary>So many bytes have been read.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken ct)
    {
        TimeSpan wait;
        lock (_turn)
        {
            _taken += bytes;
            if ((_drawn ?? bytesPerSecond) is not { } rate)
                return default;
            var now = time.GetElapsedTime(_started);
            _due = (_due > now - _credit ? _due : now - _credit) + TimeSpan.FromSeconds((double)bytes / rate);
            wait = _due - now;
        }

        return wait > TimeSpan.Zero ? new(Task.Delay(wait, time, ct)) : default;
    }

    /// <summary>From now on half of what was read since the last look. Returns that rate; null if it was there already.</summary>
    public long? Draw()
    {
        lock (_turn)
        {
            var rate = RateSinceLook();
            if (_drawn is null)
                _fastest = Math.Max(_fastest, rate);
            rate = Math.Min(Math.Max(Slowest, Math.Min(rate, _drawn ?? long.MaxValue) / 2), bytesPerSecond ?? long.MaxValue);
            if (rate >= _drawn)
                return null;
            return _drawn = rate;
        }
    }

    /// <summary>Half as much again as now. True if it was drawn and is let go by that.</summary>
    public bool Ease()
    {
        lock (_turn)
        {
            var rate = RateSinceLook();
            if (_drawn is not { } drawn)
            {
                _fastest = Math.Max(_fastest, rate);
                return false;
            }

            _drawn = drawn + (drawn / 2);
            if (_drawn <= Math.Min(2 * _fastest, bytesPerSecond ?? long.MaxValue))
                return false;
            _drawn = null;
            return true;
        }
    }

    long RateSinceLook()
    {
        var now = time.GetElapsedTime(_started);
        var rate = (long)(_taken / Math.Max(0.001, (now - _looked).TotalSeconds));
        (_taken, _looked) = (0, now);
        return rate;
    }
}

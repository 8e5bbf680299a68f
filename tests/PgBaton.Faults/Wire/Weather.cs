namespace PgBaton.Faults.Wire;

/// <summary>What the network is like at the moment; changed by a test at any time, for the links it names.</summary>
sealed class Weather(int seed)
{
    readonly Random _random = new(seed);
    TaskCompletionSource? _blackHole;

    /// <summary>Which links suffer from it.</summary>
    public Func<Link, bool> Where { get; set; } = _ => true;

    /// <summary>Before a message arrives; those behind it wait too, but not longer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Up to so much more, at random.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Each direction of each link; 0: as fast as it goes.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Each byte travels alone.</summary>
    public bool OneByteSegments { get; set; }

    /// <summary>Which directions lead into the black hole.</summary>
    public Flow Swallowed { get; private set; }

    /// <summary>Nothing arrives any more, nobody is told, connections stay open.</summary>
    public void StartBlackHole(Flow direction)
        => (Swallowed, _blackHole) = (direction, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What was held back arrives.</summary>
    public void EndBlackHole()
    {
        Swallowed = Flow.None;
        _blackHole?.TrySetResult();
    }

    /// <summary>When a message that is sent now arrives, in milliseconds from now.</summary>
    public double Delay(Link link)
    {
        if (Latency == default && Jitter == default || !Where(link))
            return 0;
        lock (_random)
            return Latency.TotalMilliseconds + Jitter.TotalMilliseconds * _random.NextDouble();
    }

    /// <summary>Waits while the direction leads nowhere.</summary>
    public Task PassAsync(Link link, Flow direction, CancellationToken ct)
        => (Swallowed & direction) != 0 && Where(link) ? _blackHole!.Task.WaitAsync(ct) : Task.CompletedTask;
}

/// <summary>Of a link.</summary>
[Flags]
public enum Flow
{
    None = 0,
    ToServer = 1,
    ToClient = 2,
    Both = 3,
}

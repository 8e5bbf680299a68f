namespace PgBaton.Faults.Wire;

/// <summary>Does something once, when a certain command is about to reach a server, or has been carried out and its answer has not arrived.</summary>
/// <param name="Matches">Which command.</param>
/// <param name="Moment">When, with respect to it.</param>
/// <param name="Act">What; while it runs, the link stands still.</param>
sealed record Trigger(Func<Command, bool> Matches, Moment Moment, Func<Link, Task> Act)
{
    readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _left = 1;

    /// <summary>Ends when it has acted.</summary>
    public Task Reached => _reached.Task;

    /// <summary>How often the command must come until it counts.</summary>
    public int Occurrence { init => _left = value; }

    /// <summary>For <see cref="Moment.Within"/>: how many bytes of rows are let through.</summary>
    public int Bytes { get; init; }

    /// <summary>True for the one time that counts.</summary>
    public bool IsPulledBy(Command command) => Matches(command) && Interlocked.Decrement(ref _left) == 0;

    public async Task PullAsync(Link link)
    {
        try
        {
            await Act(link);
        }
        finally
        {
            _reached.TrySetResult();
        }
    }
}

/// <summary>With respect to a command.</summary>
enum Moment
{
    /// <summary>The server has not seen it.</summary>
    Before,

    /// <summary>The server has carried it out, the client does not know.</summary>
    After,

    /// <summary>It is a COPY, and some of the rows have passed.</summary>
    Within,

    /// <summary>The server gets one that fails.</summary>
    Instead,
}

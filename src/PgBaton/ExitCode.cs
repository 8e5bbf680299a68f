namespace PgBaton;

/// <summary>What a command returns to the shell.</summary>
public enum ExitCode
{
    /// <summary>Done, and what the command promises is proven.</summary>
    Done = 0,

    /// <summary>Failed for now; the same command may be run again.</summary>
    Failed = 1,

    /// <summary>The command line or a connection string cannot be understood, or contradicts the journal.</summary>
    Usage = 2,

    /// <summary>A check, or a gate of the cutover, does not let it pass.</summary>
    Blocked = 3,

    /// <summary>Tables differ.</summary>
    Differs = 4,

    /// <summary>Stopped and needs a decision: a gap, drift, aborted by somebody else.</summary>
    Stopped = 5,

    /// <summary>SIGINT.</summary>
    Interrupted = 130,

    /// <summary>SIGTERM.</summary>
    Terminated = 143,
}

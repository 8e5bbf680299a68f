using System.Runtime.InteropServices;

namespace PgBaton.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP cancel a token. Whoever is not done five seconds later, or gets a second signal, is ended: the journal does not mind.
/// </summary>
static class Signals
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(4.5);
    static readonly CancellationTokenSource _received = new();
    static readonly List<IDisposable> _registrations = [];
    static Timer? _deadline;

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationToken Token => _received.Token;

    /// <summary>Called before the process is ended by force: lets go of the terminal, writes the last line.</summary>
    public static Action<ExitCode>? LastWords { get; set; }

    /// <summary>What the process returns because of the first signal; null as long as none came.</summary>
    public static ExitCode? Received { get; private set; }

    public static void Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Receive(context, ExitCode.Interrupted)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Receive(context, ExitCode.Terminated)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Receive(context, ExitCode.Terminated)));
    }

    static void Receive(PosixSignalContext context, ExitCode exitCode)
    {
        context.Cancel = true;
        if (Received is { } first)
            EndNow(first);

        Received = exitCode;
        _deadline = new Timer(_ => EndNow(exitCode), state: null, _patience, Timeout.InfiniteTimeSpan);
        _received.Cancel();
    }

    static void EndNow(ExitCode exitCode)
    {
        LastWords?.Invoke(exitCode);
        Environment.Exit((int)exitCode);
    }
}

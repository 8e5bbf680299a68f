using System.CommandLine;

namespace PgBaton.Cli.Options;

/// <summary>What <c>cutover</c> and <c>rollback</c> share.</summary>
/// <param name="to">The side that becomes the writer.</param>
sealed class SwitchOptions(string to)
{
    readonly Option<double> _maxDowntime = OptionOf.Seconds("--max-downtime", "S", $"lift the fence if the {to} is not open after this time (default 30)", 30);
    readonly Option<string> _onSwitch = OptionOf.Text("--on-switch", "COMMAND", $"shell command to run once the {to} is open, on the engine's host");
    readonly Option<string> _pgBouncer = OptionOf.Text(
        "--pgbouncer", "URI", "PgBouncer's admin console: PAUSE before the fence, RELOAD and RESUME after --on-switch; no password in it");
    readonly Option<string> _waitFor = OptionOf.Text("--wait-for", "HOST[:PORT]", $"return only when this name leads to the {to}");
    readonly Option<string> _probeRole = OptionOf.Text("--probe-role", "ROLE", $"first try on the {to} what this role will have to write there; no row is touched");
    readonly Option<int> _sequenceGap = OptionOf.SequenceGap();
    readonly Option<bool> _yes = OptionOf.Flag("--yes", "do not ask");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _maxDowntime, _onSwitch, _pgBouncer, _waitFor, _probeRole, _sequenceGap, _yes })
            command.Add(option);
    }

    public WordArguments Read(ParseResult parsed) => new()
    {
        MaxDowntimeSeconds = parsed.GetValue(_maxDowntime), OnSwitch = parsed.GetValue(_onSwitch), PgBouncer = parsed.GetValue(_pgBouncer),
        WaitFor = parsed.GetValue(_waitFor), ProbeRole = parsed.GetValue(_probeRole), SequenceGap = parsed.GetValue(_sequenceGap),
    };

    /// <summary>Asks, unless <c>--yes</c> answers beforehand.</summary>
    public Task ConfirmAsync(ParseResult parsed, string command, MigrationOptions options, CancellationToken ct)
        => parsed.GetValue(_yes) ? Task.CompletedTask : Commands.Confirmation.AskAsync(command, $"make the {to} the writer", options, ct);
}

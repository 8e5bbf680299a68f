using System.CommandLine;

namespace PgBaton.Cli.Commands;

/// <summary>A command with what its help page tells beside the options.</summary>
sealed class CommandOf(string name, string description) : Command(name, description)
{
    /// <summary>Sentences below the first line; each is one paragraph.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Runs inside the frame of all commands.</summary>
    public void Run(Func<CommandRun, ParseResult, CancellationToken, Task<ExitCode>> body)
        => SetAction((parsed, ct) => CommandRun.RunAsync(parsed, run => body(run, parsed, ct)));
}

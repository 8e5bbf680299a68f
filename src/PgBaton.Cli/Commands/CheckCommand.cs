using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Asks both servers every preflight question.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var scope = new ScopeOptions();
        var command = new CommandOf("check", "ask both servers whether a migration can work; change nothing")
        {
            About = [
                "Prints every finding with what to do about it. Exit code 0 means that nothing blocks, 3 that something does. "
                + "Without --target only the source is asked.",
            ],
            Examples =
            [
                "pgbaton check --source postgresql://app@old.example/shop --target postgresql://app@new.example/shop",
                "pgbaton check --json | jq 'select(.severity == \"blocker\")'",
            ],
        };
        scope.AddTo(command);
        command.Run(async (run, parsed, ct) => Findings.Tell(run, await Migration.CheckAsync(scope.ReadForCheck(parsed), ct)));
        return command;
    }
}

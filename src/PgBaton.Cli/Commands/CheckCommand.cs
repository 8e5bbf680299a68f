using System.CommandLine;
using PgBaton.Cli.Options;
using PgBaton.Providers;

namespace PgBaton.Cli.Commands;

/// <summary>Asks both servers every preflight question.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        var scope = new ScopeOptions();
        var only = OptionOf.Codes("--only", "ask only this check");
        var provider = OptionOf.Word(
            "--target-provider", "while there is no target: look the extensions up in this provider's list", [.. ExtensionList.Names]);
        var command = new CommandOf("check", "ask both servers whether a migration can work; change nothing")
        {
            About = [
                "Prints every finding with what to do about it. Exit code 0 means that nothing blocks, 3 that something does. "
                + "Without --target only the source is asked.",
            ],
            Examples =
            [
                "pgbaton check --source postgresql://app@old.example/shop --target postgresql://app@new.example/shop",
                "pgbaton check --source postgresql://app@old.example/shop --target-provider neon",
                "pgbaton check --only PB1070 --only PB1084 --target-disk 500GB",
                "pgbaton check --json | jq 'select(.severity == \"blocker\")'",
            ],
        };
        scope.AddTo(command);
        command.Add(only);
        command.Add(provider);
        command.Run(async (run, parsed, ct) => Findings.Tell(
            run,
            await Migration.CheckAsync(
                scope.ReadForCheck(parsed) with { OnlyChecks = parsed.GetValue(only)!, TargetProvider = parsed.GetValue(provider) }, ct)));
        return command;
    }
}

using System.CommandLine;
using PgBaton.Cli.Help;

namespace PgBaton.Cli.Commands;

/// <summary>Prints the script by which a shell completes our commands.</summary>
static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Completions.Shells.Keys) };
        shell.AcceptOnlyFromAmong([.. Completions.Shells.Keys]);
        var command = new CommandOf("completion", "print the script by which a shell completes commands and options")
        {
            Examples =
            [
                "source <(pgbaton completion bash)",
                "pgbaton completion zsh >~/.zfunc/_pgbaton",
                "pgbaton completion fish >~/.config/fish/completions/pgbaton.fish",
            ],
        };
        command.Add(shell);
        command.Run((run, parsed, _) =>
        {
            Completions.Shells[parsed.GetRequiredValue(shell)](parsed.RootCommandResult.Command, run.Text);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}

using System.CommandLine;
using PgBaton.Cli.Help;

namespace PgBaton.Cli.Commands;

/// <summary>Help about a command, or the table of steps.</summary>
static class HelpCommand
{
    public static Command Create()
    {
        var topic = new Argument<string?>("TOPIC")
        {
            Description = "a command; \"steps\" for the table of steps; \"man\" for the manual page", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new CommandOf("help", "tell about a command, or about the steps of a migration")
        {
            Examples = ["pgbaton help steps", "pgbaton help migrate"],
        };
        command.Add(topic);
        command.Run((run, parsed, _) =>
        {
            var root = parsed.RootCommandResult.Command;
            var wanted = parsed.GetValue(topic);
            if (wanted == "steps")
                StepTable.Write(run.Text);
            else if (wanted == "man")
                ManPage.Write(root, run.Text);
            else
                HelpText.Write(wanted is null ? root : Find(root, wanted), run.Text);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    static Command Find(Command root, string name)
        => root.Subcommands.FirstOrDefault(command => command.Name == name)
           ?? throw Errors.Usage(
               $"there is no help about \"{Secrets.Remove(name)}\"", detail: null,
               Nearest.To(name, root.Subcommands.Select(command => command.Name).Concat(["steps", "man"])) is [var near, ..]
                   ? $"Did you mean {near}?" : "\"pgbaton --help\" lists the commands.");
}

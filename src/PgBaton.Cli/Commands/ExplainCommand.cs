using System.CommandLine;
using PgBaton.Cli.Help;

namespace PgBaton.Cli.Commands;

/// <summary>The page about an error or a check, without a network.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        var code = new Argument<string?>("CODE")
        {
            Description = "code of an error or a finding, such as PB0101; without it, the list of all", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new CommandOf("explain", "print the page about an error or a finding")
        {
            Examples = ["pgbaton explain PB0101", "pgbaton explain"],
        };
        command.Add(code);
        command.Run(async (run, parsed, _) =>
        {
            if (parsed.GetValue(code) is not { } wanted)
            {
                foreach (var page in Pages.All)
                    await run.Text.WriteLineAsync(page.Title);
                return ExitCode.Done;
            }

            foreach (var line in Pages.Find(wanted).Lines())
                await run.Text.WriteLineAsync(line);
            return ExitCode.Done;
        });
        return command;
    }
}

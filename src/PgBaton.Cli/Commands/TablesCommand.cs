using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Takes tables along, or gives them up, while the target follows.</summary>
static class TablesCommand
{
    public static Command Create()
    {
        var action = new Argument<string>("add|remove") { Description = "take along, or give up" };
        action.AcceptOnlyFromAmong("add", "remove");
        var patterns = new Argument<string[]>("PATTERN") { Description = "which tables, as in -t; repeatable", Arity = ArgumentArity.OneOrMore };
        patterns.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
                result.AddError($"pgbaton tables has no option \"{option.Value}\"");
        });
        var command = new CommandOf("tables", "take tables along, or give them up, while the target follows")
        {
            About =
            [
                "\"add\" makes the tables on the target, copies them and joins them to the stream. \"remove\" drops them there and follows them no longer. "
                + "A partitioned table goes with its partitions.",
                "The stream stands meanwhile. Whatever else DDL has changed is settled with it, as by \"pgbaton drift --apply\".",
                "After a cutover, \"add\" carries back a table that was made on the new writer, once it is made on the old source too; \"remove\" leaves it where it is.",
            ],
            Examples = ["pgbaton tables add public.invoice", "pgbaton tables remove 'public.tmp_*'"],
        };
        command.Add(action);
        command.Add(patterns);
        command.Run(async (run, parsed, ct) =>
        {
            var which = parsed.GetValue(patterns)!;
            var arguments = parsed.GetValue(action) == "add" ? new WordArguments { AddTables = which } : new WordArguments { RemoveTables = which };
            var exitCode = CommandRun.Answer(await run.SayAsync(GlobalOptions.Read(parsed), "tables", arguments, ct));
            await run.Text.WriteLineAsync("The tables that are moved are the ones you asked for.");
            return exitCode;
        });
        return command;
    }
}

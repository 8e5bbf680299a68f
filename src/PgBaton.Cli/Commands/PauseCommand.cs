using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Takes the load of copy and stream off both servers for a while.</summary>
static class PauseCommand
{
    public static Command Create()
        => Create(
            "pause", "stop copying and following until \"pgbaton resume\"",
            [
                "A copy under way loses the parts that are not done; they are copied again. The slot stays: the writer's side keeps its WAL until the stream goes on, "
                + "and PostgreSQL 18 or a provider may drop a slot that nobody reads (idle_replication_slot_timeout).",
                "Nothing but resume and abort is heard meanwhile.",
            ],
            "Paused.");

    public static Command CreateResume() => Create("resume", "go on after \"pgbaton pause\"", ["Where no process runs the migration, \"pgbaton migrate\" goes on with it."], "It goes on.");

    static CommandOf Create(string name, string description, IReadOnlyList<string> about, string done)
    {
        var command = new CommandOf(name, description) { About = about, Examples = [$"pgbaton {name}"] };
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            var exitCode = CommandRun.Answer(await run.SayAsync(options, name, new WordArguments(), ct));
            await run.Text.WriteLineAsync(done);
            await MigrateCommand.TellSlotAsync(run.Text, await Migration.StatusAsync(options, ct));
            return exitCode;
        });
        return command;
    }
}

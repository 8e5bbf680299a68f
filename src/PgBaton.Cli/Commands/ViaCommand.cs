using System.CommandLine;
using PgBaton.Cli.Options;

namespace PgBaton.Cli.Commands;

/// <summary>Hands the stream to the servers, or takes it back.</summary>
static class ViaCommand
{
    public static Command Create()
    {
        var carrier = new Argument<string>("CARRIER") { Description = "subscription (the servers by themselves) or relay (pgbaton)" };
        carrier.AcceptOnlyFromAmong("relay", "subscription");
        var command = new CommandOf("via", "who carries the changes: pgbaton itself, or the servers by a subscription")
        {
            About =
            [
                "With subscription, a subscription of the target takes up the slot exactly where pgbaton has left it, and no process of pgbaton has to run. "
                + "The target's server must reach the source, and keeps the source's password in pg_subscription.",
                "Whatever needs the stream to stand still (verify, cutover, rollback, drift, tables, pause) takes it back for that time. "
                + "What the servers apply is not kept account of: a cutover verifies every table again first.",
            ],
            Examples = ["pgbaton via subscription", "pgbaton via subscription --source-from-target 'host=10.0.0.5 sslmode=require'", "pgbaton via relay"],
        };
        command.Add(carrier);
        command.Run(async (run, parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed);
            var via = Enum.Parse<Via>(parsed.GetRequiredValue(carrier), ignoreCase: true);
            var exitCode = CommandRun.Answer(await run.SayAsync(options, "via", new WordArguments { Via = via }, ct));
            var status = await Migration.StatusAsync(options, ct);
            run.Result["via"] = status.Via;
            await run.Text.WriteLineAsync(via == Via.Subscription ? "The servers carry the changes: no process of pgbaton has to run." : "pgbaton carries the changes.");
            await MigrateCommand.TellSlotAsync(run.Text, status);
            return exitCode;
        });
        return command;
    }
}

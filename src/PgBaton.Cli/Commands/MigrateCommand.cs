using System.CommandLine;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;

namespace PgBaton.Cli.Commands;

/// <summary>The engine: every step, until the end or until the target is in step.</summary>
static class MigrateCommand
{
    public static Command Create()
    {
        var scope = new ScopeOptions();
        var notify = new NotifyOptions();
        var until = OptionOf.Word("--until", "return as soon as the target is in step, or everything is copied and indexed", "in-sync", "copied");
        var maxSlotWal = OptionOf.Size("--max-slot-wal", "SIZE", "give up rather than have the source keep more WAL for our slot", 0);
        var maxRate = OptionOf.Size("--max-rate", "SIZE", "read at most so much a second from the source while copying, such as 50MB", 0);
        var command = new CommandOf("migrate", "copy the database, keep the target in step; go on where it was")
        {
            About =
            [
                "Runs until \"pgbaton finish\" or \"pgbaton abort\" is said, here or in another terminal. It can be stopped and killed at any moment: "
                + "the same command goes on where it was.",
                "The patterns and the switches for schema, owners, privileges and replica identity are fixed when a migration begins. "
                + "They may be left out later.",
            ],
            Examples =
            [
                "pgbaton migrate --source postgresql://app@old.example/shop --target postgresql://app@new.example/shop",
                "pgbaton migrate --until in-sync -N audit -T 'public.tmp_*' --jobs 8",
                "pgbaton migrate --offline --fence-first --until copied",
                "pgbaton migrate @prod.args",
            ],
        };
        command.Add(until);
        command.Add(maxSlotWal);
        command.Add(maxRate);
        notify.AddTo(command);
        scope.AddTo(command);
        command.Run((run, parsed, ct) => RunAsync(
            run, notify.Apply(parsed, scope.Read(parsed)) with { MaxSlotWal = parsed.SizeOf(maxSlotWal), MaxRate = parsed.SizeOf(maxRate) },
            GoalOf(parsed.GetValue(until)), ct));
        return command;
    }

    static Goal GoalOf(string? until) => until switch { null => Goal.Finished, "copied" => Goal.Copied, _ => Goal.InSync };

    /// <exception cref="MigrationException">PB0213: said before anything is begun.</exception>
    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, Goal goal, CancellationToken ct)
    {
        if (goal == Goal.InSync && options is { Offline: true, FenceFirst: false })
            throw Errors.NothingFollowed();
        await run.WatchAsync(options, async migration =>
        {
            await migration.RunAsync(goal, ct);
            return goal;
        });

        var status = await Migration.StatusAsync(options, ct);
        run.Result["state"] = status.State;
        run.Result["next"] = status.Next;
        if (goal == Goal.InSync)
        {
            await run.Text.WriteLineAsync("The target is in step with the source.");
            await TellSlotAsync(run.Text, status);
        }
        else if (goal == Goal.Copied)
        {
            await run.Text.WriteLineAsync("Everything is copied and indexed.");
            await TellSlotAsync(run.Text, status);
        }
        else if (status.State == "none")
            await run.Text.WriteLineAsync("The migration is finished.");
        return ExitCode.Done;
    }

    // Nothing of ours reads the slot any more, and the source keeps WAL for it.
    internal static async Task TellSlotAsync(TextWriter output, MigrationStatus status)
    {
        if (status is { Via: "subscription", Engine: null, State: not "none" })
            await output.WriteLineAsync("No process of pgbaton runs now, nor has to: the servers carry the changes by themselves.");
        else if (status is { Slot: { } kept, State: "on-target", Engine: null })
            await output.WriteLineAsync(
                $"No process runs now: the target keeps its WAL for slot {kept.Name}, the way back. \"pgbaton migrate\" goes on carrying changes to the source.");
        else if (status is { Slot: { } slot, Engine: null })
        {
            var limit = slot.SafeBytes is { } safe ? $"the slot is lost after {Say.Bytes(safe)} more" : "nothing limits how much";
            await output.WriteLineAsync($"No process runs now: the source keeps its WAL for slot {slot.Name} ({limit}). \"pgbaton migrate\" goes on following.");
        }

        if (status.Next is not null && status.State != "none")
            await output.WriteLineAsync($"Next: {status.Next}");
    }
}

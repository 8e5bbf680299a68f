using System.CommandLine;
using System.Diagnostics;
using PgBaton.Cli.Json;
using PgBaton.Cli.Options;
using PgBaton.Cli.Views;
using Spectre.Console;

namespace PgBaton.Cli.Commands;

/// <summary>Where the migration is, at a glance.</summary>
static class StatusCommand
{
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    // Since the process began, with time left to write; and what a source gets at least.
    static readonly TimeSpan _answer = TimeSpan.FromMilliseconds(550);
    static readonly TimeSpan _least = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var watch = OptionOf.Flag("--watch", "show it again every 2 seconds");
        var command = new CommandOf("status", "say where the migration is, what blocks it, and what to type next")
        {
            About = ["Needs the target only; with --source it also knows the lag, the slot and who the writer is. Changes nothing and waits for nobody."],
            Examples = ["pgbaton status --watch", "pgbaton status --json | jq .lag.bytes"],
        };
        command.Add(watch);
        command.Run((run, parsed, ct) => RunAsync(run, GlobalOptions.Read(parsed), parsed.GetValue(watch), ct));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandRun run, MigrationOptions options, bool watch, CancellationToken ct)
    {
        var status = await Migration.StatusAsync(options, Patience(run.Time), ct);
        if (watch && run.IsJson)
            await FollowAsync(options, run.WriteStatus, ct);
        else if (watch && LiveView.Suits)
            await AnsiConsole.Live(Screen(status)).Overflow(VerticalOverflow.Crop).StartAsync(
                context => FollowAsync(options, newest => context.UpdateTarget(Screen(newest)), ct));
        else if (watch)
            await FollowAsync(options, newest => Write(run.Text, newest), ct);
        else if (!run.IsJson)
            Write(run.Text, status);

        foreach (var (name, value) in EventWriter.FieldsOf(status))
            run.Result[name] = value?.DeepClone();
        return Signals.Received ?? ExitCode.Done;
    }

    // On a busy machine the process itself took part of the second in which there is to be an answer.
    static TimeSpan Patience(TimeProvider time)
    {
        using var self = Process.GetCurrentProcess();
        var left = _answer - (time.GetLocalNow().DateTime - self.StartTime);
        return left > _least ? left : _least;
    }

    // Until somebody ends it, which is how it should end.
    static async Task FollowAsync(MigrationOptions options, Action<MigrationStatus> show, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            show(await Migration.StatusAsync(options, ct));
            await Task.Delay(_interval, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static void Write(TextWriter output, MigrationStatus status)
    {
        foreach (var line in StatusText.Of(status))
            output.WriteLine(Say.OneLine(line));
        output.WriteLine();
    }

    static Rows Screen(MigrationStatus status) => new(StatusText.Of(status).Select(line => new Text(Say.OneLine(line)) { Overflow = Overflow.Crop }));
}

using System.CommandLine;
using System.Text.Json.Nodes;
using PgBaton.Cli.Json;
using PgBaton.Cli.Options;
using PgBaton.Cli.Telemetry;
using PgBaton.Cli.Views;
using PgBaton.Postgres;
using Spectre.Console;

namespace PgBaton.Cli;

/// <summary>The frame around every command: events in, views out, one result at the end.</summary>
sealed class CommandRun
{
    readonly string _command;
    readonly EventWriter? _json;

    CommandRun(string command, bool json)
    {
        _command = command;
        Time = TimeProvider.System;
        _json = json ? new EventWriter(Console.Out, Time) : null;
        Text = json ? Console.Error : Console.Out;
    }

    public TimeProvider Time { get; }

    /// <summary>Where text for people goes: standard output, or standard error beside <c>--json</c>.</summary>
    public TextWriter Text { get; }

    /// <summary>A program reads standard output.</summary>
    public bool IsJson => _json is not null;

    /// <summary>Further fields of the result.</summary>
    public JsonObject Result { get; } = [];

    /// <summary>What the events of this run add up to.</summary>
    public Picture Picture { get; } = new();

    /// <summary>Runs a command; whatever it throws becomes an error in the one shape and an exit code.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<CommandRun, Task<ExitCode>> body)
    {
        using var collector = Collector.Start();
        var run = new CommandRun(parsed.CommandResult.Command.Name, parsed.GetValue(GlobalOptions.Json));
        Signals.LastWords = exitCode => run.End(exitCode, Failure.Report(Errors.Interrupted(exitCode)));
        try
        {
            return run.End(await body(run), error: null);
        }
#pragma warning disable CA1031 // The one place where every exception ends: as an error that a person can read, and an exit code.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var error = Failure.Of(failure, Signals.Received);
            if (Failure.IsDebugging)
                await Console.Error.WriteLineAsync(Secrets.Remove(failure.ToString()));
            return run.End(error.ExitCode, Failure.Report(error));
        }
    }

    /// <summary>The arguments could not be understood.</summary>
    public static int RefuseUsage(MigrationException error, IReadOnlyList<string> args)
        => new CommandRun(args.FirstOrDefault(arg => !arg.StartsWith('-')) ?? "", args.Contains("--json") || EnvironmentOptions.IsSet("PGBATON_JSON"))
            .End(error.ExitCode, Failure.Report(error));

    /// <summary>Opens a migration and shows what it reports while <paramref name="work"/> runs.</summary>
    public async Task<T> WatchAsync<T>(MigrationOptions options, Func<Migration, Task<T>> work)
    {
        await using var migration = Migration.Open(options);
        return await WatchAsync(migration, Route(options), () => work(migration));
    }

    /// <summary>Has a word carried out, shows what happens meanwhile, and returns the answer.</summary>
    public Task<WordOutcome> SayAsync(MigrationOptions options, string word, WordArguments arguments, CancellationToken ct)
        => WatchAsync(options, migration => migration.SayAsync(word, arguments, ct));

    /// <summary>Shows what the migration reports while <paramref name="work"/> runs.</summary>
    public async Task<T> WatchAsync<T>(Migration migration, string title, Func<Task<T>> work)
    {
        await using var pump = new EventPump(Views($"pgbaton {_command}: {title}"), Time);
        migration.Happened += pump.Add;
        try
        {
            return await work();
        }
        finally
        {
            migration.Happened -= pump.Add;
        }
    }

    /// <summary>Something that happened outside a run of the engine; only programs are told.</summary>
    public void WriteEvent(MigrationEvent happened) => _json?.Write(Time.GetUtcNow(), happened);

    /// <summary>A status between two others.</summary>
    public void WriteStatus(MigrationStatus status) => _json?.Write(status);

    /// <summary>Turns the engine's answer into this command's end.</summary>
    public static ExitCode Answer(WordOutcome outcome)
        => outcome.Error is { } error ? throw Failure.From(error, (ExitCode)outcome.ExitCode) : (ExitCode)outcome.ExitCode;

    // From where to where, without user and password.
    static string Route(MigrationOptions options)
    {
        var source = options.Source is null ? "…" : ConnectionString.Parse(Side.Source, options.Source).Display;
        return $"{source} → {ConnectionString.Parse(Side.Target, options.Target).Display}";
    }

    IReadOnlyList<IView> Views(string title)
    {
        var collector = new PictureView(Picture);
        if (_json is not null)
            return [collector, new JsonView(_json), new PlainView(Console.Error, Time)];
        return LiveView.Suits
            ? [collector, new LiveView(AnsiConsole.Console, title, Time)]
            : [collector, new PlainView(Console.Out, Time)];
    }

    int End(ExitCode exitCode, ErrorReport? error)
    {
        Signals.LastWords = null;
        if (LiveView.Suits)
            AnsiConsole.Cursor.Show();
        Console.Out.Flush();
        if (error is not null)
            ErrorText.Write(Console.Error, error);
        _json?.WriteResult(_command, exitCode, error, Result);
        return (int)exitCode;
    }
}

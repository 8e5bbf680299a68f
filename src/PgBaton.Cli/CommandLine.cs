using System.CommandLine;
using System.CommandLine.Help;
using PgBaton.Cli.Commands;
using PgBaton.Cli.Demo;
using PgBaton.Cli.Help;
using PgBaton.Cli.Options;

namespace PgBaton.Cli;

/// <summary>From arguments to exit code.</summary>
static class CommandLine
{
    // In the order a migration needs them.
    static readonly (string Name, Func<Command> Create)[] _commands =
    [
        ("check", CheckCommand.Create), ("provider", ProviderCommand.Create), ("plan", PlanCommand.Create), ("migrate", MigrateCommand.Create),
        ("worker", WorkerCommand.Create), ("status", StatusCommand.Create), ("verify", VerifyCommand.Create), ("cutover", CutoverCommand.Create),
        ("rollback", RollbackCommand.Create), ("pause", PauseCommand.Create), ("resume", PauseCommand.CreateResume), ("via", ViaCommand.Create),
        ("drift", DriftCommand.Create), ("tables", TablesCommand.Create), ("report", ReportCommand.Create), ("finish", FinishCommand.Create),
        ("abort", AbortCommand.Create), ("serve", ServeCommand.Create), ("demo", DemoCommand.Create), ("explain", ExplainCommand.Create),
        ("completion", CompletionCommand.Create), ("help", HelpCommand.Create),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        Signals.Listen();
        PasswordInArguments.Warn(args, Console.Error);
        var parsed = Parse(args, Environment.GetEnvironmentVariable);
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpText.Show or Version.Show))
            return CommandRun.RefuseUsage(UsageError.Of(parsed), args);

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(configuration, Signals.Token);
    }

    /// <summary>Parses, with what the environment says for options that were not given.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var root = Create(Needed(args));
        var parsed = root.Parse(args);
        var fromEnvironment = EnvironmentOptions.Missing(parsed, environment);
        return fromEnvironment.Count == 0 ? parsed : root.Parse([.. args, .. fromEnvironment]);
    }

    // Making all of them takes longer than anything else in a short command's life. Help and completions tell of the others.
    static IEnumerable<(string Name, Func<Command> Create)> Needed(IReadOnlyList<string> args)
        => args is [not ("help" or "completion") and var first, ..] && Array.Exists(_commands, command => command.Name == first)
            ? _commands.Where(command => command.Name == first) : _commands;

    /// <summary>With every command.</summary>
    public static RootCommand Create() => Create(_commands);

    static RootCommand Create(IEnumerable<(string Name, Func<Command> Create)> commands)
    {
        var root = new RootCommand("pgbaton moves a live PostgreSQL database to another server without losing a write.")
        {
            GlobalOptions.Source, GlobalOptions.Target, GlobalOptions.SourceFromTarget, GlobalOptions.TargetFromSource, GlobalOptions.Name, GlobalOptions.Wire,
            GlobalOptions.Json,
        };
        foreach (var (_, create) in commands)
            root.Add(create());
        foreach (var option in root.Options)
        {
            if (option is HelpOption)
                option.Action = new HelpText.Show();
            if (option is VersionOption)
            {
                option.Action = new Version.Show();
                option.Description = "print version, commit and runtime, then exit";
            }
        }

        root.SetAction(_ =>
        {
            HelpText.Write(root, Console.Error);
            return (int)ExitCode.Usage;
        });
        return root;
    }
}

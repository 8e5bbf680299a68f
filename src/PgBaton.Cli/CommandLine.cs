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
        var root = Create();
        var parsed = root.Parse(args);
        var fromEnvironment = EnvironmentOptions.Missing(parsed, environment);
        return fromEnvironment.Count == 0 ? parsed : root.Parse([.. args, .. fromEnvironment]);
    }

    /// <summary>Every command, in the order a migration needs them.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("pgbaton moves a live PostgreSQL database to another server without losing a write.")
        {
            GlobalOptions.Source, GlobalOptions.Target, GlobalOptions.SourceFromTarget, GlobalOptions.TargetFromSource, GlobalOptions.Name, GlobalOptions.Wire, GlobalOptions.Json,
            CheckCommand.Create(), ProviderCommand.Create(), PlanCommand.Create(), MigrateCommand.Create(), WorkerCommand.Create(), StatusCommand.Create(), VerifyCommand.Create(), CutoverCommand.Create(), RollbackCommand.Create(),
            PauseCommand.Create(), PauseCommand.CreateResume(), ViaCommand.Create(), DriftCommand.Create(), TablesCommand.Create(), ReportCommand.Create(),
            FinishCommand.Create(), AbortCommand.Create(), ServeCommand.Create(),
            DemoCommand.Create(), ExplainCommand.Create(), CompletionCommand.Create(), HelpCommand.Create(),
        };
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

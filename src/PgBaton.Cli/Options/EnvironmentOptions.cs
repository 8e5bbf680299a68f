using System.CommandLine;
using System.CommandLine.Help;

namespace PgBaton.Cli.Options;

/// <summary>Every option <c>--some-thing</c> that is not given is taken from <c>PGBATON_SOME_THING</c>.</summary>
static class EnvironmentOptions
{
    // What is said once, not a setting of the place.
    static readonly string[] _onlyTyped = ["--cancel", "--open", "--help", "--version", "--watch"];

    /// <summary><c>PGBATON_INDEX_JOBS</c> for <c>--index-jobs</c>.</summary>
    public static string Variable(string option)
        => $"PGBATON_{option.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";

    public static bool HasVariable(Option option) => option is not (HelpOption or VersionOption) && !_onlyTyped.Contains(option.Name);

    /// <summary>The arguments to add for what was not given.</summary>
    public static IReadOnlyList<string> Missing(ParseResult parsed, Func<string, string?> environment)
        => [.. Known(parsed.CommandResult.Command, parsed.RootCommandResult.Command).SelectMany(option => Given(parsed, option) ? [] : Arguments(option, environment))];

    static IEnumerable<Option> Known(Command command, Command root)
        => (command == root ? root.Options : command.Options.Concat(root.Options.Where(option => option.Recursive))).Where(HasVariable);

    static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    static IEnumerable<string> Arguments(Option option, Func<string, string?> environment)
    {
        if (environment(Variable(option.Name)) is not { Length: > 0 } value)
            return [];
        if (option is Option<bool>)
            return IsTrue(value) ? [option.Name] : [];
        return option is Option<string[]> ? PatternList.Split(value).Select(item => $"{option.Name}={item}") : [$"{option.Name}={value}"];
    }

    /// <summary>A switch that the environment turns on.</summary>
    public static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && IsTrue(value);

    static bool IsTrue(string value) => value is not ("0" or "no" or "false" or "off");
}

using System.CommandLine;

namespace PgBaton.Cli;

/// <summary>What was wrong with the arguments, in one error, with the nearest thing that would have been right.</summary>
static class UsageError
{
    public static MigrationException Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "pgbaton" : $"pgbaton {command.Name}";
        var hint = $"\"{path} --help\" lists what there is.";
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return Unknown(unknown, command, parsed.RootCommandResult.Command, path, hint);

        var messages = parsed.Errors.Select(error => Words(error.Message)).Distinct().ToList();
        return Errors.Usage(messages[0], messages.Count > 1 ? string.Join('\n', messages.Skip(1).Select(message => $"Also: {message}.")) : null, hint);
    }

    static MigrationException Unknown(string token, Command command, Command root, string path, string hint)
    {
        var name = Secrets.Remove(token.Split('=', 2)[0]);
        var isOption = name.StartsWith('-');
        var known = isOption
            ? command.Options.Concat(root.Options).SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(sub => sub.Name);
        var what = isOption ? "option" : command is RootCommand ? "command" : "argument";
        return Errors.Usage(
            $"{path} has no {what} \"{name}\"", detail: null,
            Nearest.To(name, known) is [var nearest, ..] ? $"Did you mean {nearest}? {hint}" : hint);
    }

    // The parser's own words, as far as they are ours to choose.
    static string Words(string message)
    {
        var text = message.TrimEnd('.').Replace('\'', '"');
        return text switch
        {
            "Required command was not provided" => "no command was given",
            _ when text.StartsWith("Required argument missing for option: ", StringComparison.Ordinal) => $"option {text[38..].Trim('"')} needs a value",
            _ when text.StartsWith("Required argument missing for command: ", StringComparison.Ordinal) => $"{text[39..].Trim('"')} needs an argument",
            _ => char.ToLowerInvariant(text[0]) + text[1..],
        };
    }
}

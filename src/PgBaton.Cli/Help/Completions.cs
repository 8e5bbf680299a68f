using System.CommandLine;
using System.CommandLine.Help;

namespace PgBaton.Cli.Help;

/// <summary>What a shell completes, written from the very commands and options that are parsed. The scripts start no process.</summary>
static class Completions
{
    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyDictionary<string, Action<Command, TextWriter>> Shells { get; } = new Dictionary<string, Action<Command, TextWriter>>
    {
        ["bash"] = Bash,
        ["fish"] = Fish,
        ["zsh"] = Zsh,
    };

    static void Bash(Command root, TextWriter text)
    {
        text.Write(
            """
            # bash completion for pgbaton
            _pgbaton() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' words='' i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in

            """);
        text.Write($"            {string.Join(" | ", Commands(root).Select(command => command.Name))}) command=${{COMP_WORDS[i]}}; break ;;\n");
        text.Write("        esac\n    done\n    case $command:$previous in\n");
        foreach (var command in Commands(root))
        {
            foreach (var option in Options(command).Where(option => Choices(option).Length > 0))
                text.Write($"        {command.Name}:{option.Name}) words='{string.Join(' ', Choices(option))}' ;;\n");
        }

        text.Write("        *) case $command in\n");
        text.Write($"            '') words='{string.Join(' ', [.. Commands(root).Select(command => command.Name), .. Names(root)])}' ;;\n");
        foreach (var command in Commands(root))
            text.Write($"            {command.Name}) words='{string.Join(' ', [.. Words(command), .. Names(command), .. Names(root)])}' ;;\n");
        text.Write(
            """
                    esac ;;
                esac
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
            }
            complete -o default -F _pgbaton pgbaton

            """);
    }

    static void Zsh(Command root, TextWriter text)
    {
        text.Write("#compdef pgbaton\n_pgbaton() {\n    local -a commands general\n    commands=(\n");
        foreach (var command in Commands(root))
            text.Write($"        '{command.Name}:{Quoted(command.Description)}'\n");
        text.Write("    )\n    general=(\n");
        foreach (var option in Options(root))
            text.Write($"        {ZshOption(option)}\n");
        text.Write("    )\n    if ((CURRENT == 2)); then\n        _describe command commands\n        _arguments $general\n        return\n    fi\n    case $words[2] in\n");
        foreach (var command in Commands(root))
        {
            var argument = Words(command) is { Length: > 0 } words ? $" '1: :({string.Join(' ', words)})'" : " '*: :_files'";
            text.Write($"        {command.Name}) shift words; ((CURRENT--)); _arguments $general");
            text.Write(string.Concat(Options(command).Select(option => $" \\\n            {ZshOption(option)}")));
            text.Write($"{argument} ;;\n");
        }

        text.Write("    esac\n}\n_pgbaton \"$@\"\n");
    }

    static string ZshOption(Option option)
    {
        var value = option.HelpName is not { } name ? ""
            : Choices(option) is { Length: > 0 } choices ? $": :({string.Join(' ', choices)})"
            : $":{Quoted(name)}:{(IsFile(option) ? "_files" : "")}";
        return $"'{(option is Option<string[]> ? "*" : "")}{option.Name}[{Quoted(option.Description)}]{value}'";
    }

    static void Fish(Command root, TextWriter text)
    {
        text.Write("# fish completion for pgbaton\ncomplete -c pgbaton -f\n");
        foreach (var option in Options(root))
            text.Write($"complete -c pgbaton {FishOption(option)}\n");
        foreach (var command in Commands(root))
        {
            text.Write($"complete -c pgbaton -n __fish_use_subcommand -a {command.Name} -d '{FishQuoted(command.Description)}'\n");
            var only = $"complete -c pgbaton -n '__fish_seen_subcommand_from {command.Name}'";
            if (Words(command) is { Length: > 0 } words)
                text.Write($"{only} -a '{string.Join(' ', words)}'\n");
            foreach (var option in Options(command))
                text.Write($"{only} {FishOption(option)}\n");
        }
    }

    static string FishOption(Option option)
    {
        var value = option.HelpName is null ? ""
            : Choices(option) is { Length: > 0 } choices ? $" -x -a '{string.Join(' ', choices)}'"
            : IsFile(option) ? " -r -F" : " -x";
        return $"-l {option.Name.TrimStart('-')} -d '{FishQuoted(option.Description)}'{value}";
    }

    static IEnumerable<Command> Commands(Command root) => root.Subcommands.Where(command => !command.Hidden);

    static IEnumerable<Option> Options(Command command) => command.Options.Where(option => !option.Hidden && option is not HelpOption);

    static IEnumerable<string> Names(Command command) => Options(command).Select(option => option.Name).Append("--help").Distinct();

    // The value's name lists them where there are few.
    static string[] Choices(Option option) => option.HelpName is { } name && name.Contains('|', StringComparison.Ordinal) ? name.Split('|') : [];

    static string[] Words(Command command) => command.Name switch
    {
        "help" => [.. command.Parents.OfType<RootCommand>().Single().Subcommands.Select(other => other.Name), "steps", "man"],
        "completion" => [.. Shells.Keys],
        "provider" => ["enable-logical-replication", "create-target", "prepare-target"],
        "tables" => ["add", "remove"],
        "via" => ["relay", "subscription"],
        _ => [],
    };

    static bool IsFile(Option option) => option.HelpName is "FILE" or "FOLDER" or "DIRECTORY";

    // For _describe and _arguments inside of single quotes.
    static string Quoted(string? text)
        => (text ?? "").Replace("'", "'\\''", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    static string FishQuoted(string? text)
        => (text ?? "").Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}

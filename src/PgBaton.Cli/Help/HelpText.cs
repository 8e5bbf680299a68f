using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PgBaton.Cli.Commands;

namespace PgBaton.Cli.Help;

/// <summary>Help pages in the manner of PostgreSQL's own programs.</summary>
static class HelpText
{
    const int Width = 80;
    const int MostIndent = 34;

    /// <summary>What a program that calls this one has to know.</summary>
    public static IReadOnlyList<(string Code, string Meaning)> ExitCodes { get; } =
    [
        ("0", "done and proven"), ("1", "failed for now; run it again"), ("2", "usage"), ("3", "blocked by a check or a gate"),
        ("4", "tables differ"), ("5", "stopped, needs a decision"), ("130, 143", "interrupted, terminated"),
    ];

    public static void Write(Command command, TextWriter output)
    {
        var isRoot = command is RootCommand;
        output.WriteLine(isRoot ? command.Description : $"pgbaton {command.Name}: {command.Description}");
        foreach (var paragraph in (command as CommandOf)?.About ?? [])
        {
            output.WriteLine();
            WriteWrapped(output, paragraph, indent: 0, first: 0);
        }

        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine(isRoot ? "  pgbaton COMMAND [OPTION]..." : $"  pgbaton {command.Name}{Arguments(command)} [OPTION]...");
        Section(output, "Commands", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? "")));
        Section(output, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        Section(output, "Options", command.Options.Where(option => !option.Hidden && !option.Recursive && option is not VersionOption).Select(Row));
        Section(output, "Options of every command", Global(command).Select(Row).Append(("-?, --help", "show this help, then exit")));
        if (isRoot)
            WriteRoot(output);
        if (command is CommandOf { Examples.Count: > 0 } with)
            Section(output, "Examples", with.Examples.Select(example => (example, "")));
    }

    static void WriteRoot(TextWriter output)
    {
        Section(output, "Examples",
        [
            ("pgbaton demo", ""),
            ("pgbaton check   --source postgresql://app@old.example/shop --target postgresql://app@new.example/shop", ""),
            ("pgbaton migrate @prod.args", ""),
            ("pgbaton cutover @prod.args --max-downtime 10", ""),
        ]);
        Section(output, "Exit codes", ExitCodes);
        output.WriteLine();
        WriteWrapped(
            output, "Every option can be set as a variable: PGBATON_SOURCE for --source, PGBATON_INDEX_JOBS for --index-jobs. @FILE in the place of "
            + "arguments reads them from a file. \"pgbaton help steps\" shows what a migration does; \"pgbaton explain CODE\" tells about an error.", 0, 0);
    }

    static IEnumerable<Option> Global(Command command)
        => (command as RootCommand ?? command.Parents.OfType<RootCommand>().FirstOrDefault())?.Options.Where(option => option.Recursive && option is not HelpOption)
            .Concat(command is RootCommand root ? root.Options.OfType<VersionOption>() : []) ?? [];

    static string Arguments(Command command)
        => string.Concat(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}"));

    static (string, string) Row(Option option)
    {
        var shortName = option.Aliases.FirstOrDefault(alias => alias.Length == 2 && alias[0] == '-');
        var value = option.HelpName is { } name ? $"={name}" : "";
        var again = option is Option<string[]> ? " (repeatable)" : "";
        return ($"{(shortName is null ? "    " : $"{shortName}, ")}{option.Name}{value}", $"{option.Description}{again}");
    }

    static void Section(TextWriter output, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        var indent = Math.Min(MostIndent, all.Max(row => row.Left.Length) + 4);
        foreach (var (left, right) in all)
        {
            output.Write($"  {left}");
            if (left.Length + 4 > indent && right.Length > 0)
                output.WriteLine();
            WriteWrapped(output, right, indent, first: left.Length + 4 > indent && right.Length > 0 ? 0 : left.Length + 2);
        }
    }

    // Words up to the width; the cursor stands at column first, and every line begins at indent.
    static void WriteWrapped(TextWriter output, string text, int indent, int first)
    {
        var column = first;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > Width)
            {
                output.WriteLine();
                column = 0;
            }

            var gap = column < indent ? indent - column : column > indent ? 1 : 0;
            output.Write($"{new string(' ', gap)}{word}");
            column += gap + word.Length;
        }

        output.WriteLine();
    }

    internal sealed class Show : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Write(parseResult.CommandResult.Command, Console.Out);
            return 0;
        }
    }
}

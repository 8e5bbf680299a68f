using System.CommandLine;
using System.CommandLine.Help;
using PgBaton.Cli.Commands;

namespace PgBaton.Cli.Help;

/// <summary>pgbaton(1), written from the commands themselves.</summary>
static class ManPage
{
    public static void Write(Command root, TextWriter text)
    {
        text.Write($".TH PGBATON 1 \"\" \"pgbaton {Version.Number}\" \"User Commands\"\n.ad l\n.nh\n");
        text.Write(".SH NAME\npgbaton \\- move a live PostgreSQL database to another server\n");
        text.Write(".SH SYNOPSIS\n.B pgbaton\n.I COMMAND\n[\\fIOPTION\\fR]...\n");
        text.Write(".SH DESCRIPTION\n");
        Paragraph(text, root.Description!);
        Paragraph(
            text, "Every option can be set as a variable: PGBATON_SOURCE for --source, PGBATON_INDEX_JOBS for --index-jobs. "
            + "@FILE in the place of arguments reads them from a file.");
        text.Write(".SH OPTIONS OF EVERY COMMAND\n");
        Options(text, root);
        text.Write(".SH COMMANDS\n");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
            Section(text, command);
        text.Write(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in HelpText.ExitCodes)
            text.Write($".TP\n.B {Escaped(code)}\n{Escaped(meaning)}\n");
        text.Write(".SH FILES\n.TP\n.I ~/.pgpass\npasswords, as libpq reads them\n");
        text.Write(".SH SEE ALSO\n.BR psql (1),\n.BR pg_dump (1),\n.BR pg_restore (1)\n");
    }

    static void Section(TextWriter text, Command command)
    {
        text.Write($".SS pgbaton {Escaped(command.Name)}{Escaped(string.Concat(command.Arguments.Select(argument => $" {argument.Name}")))}\n");
        Paragraph(text, $"{char.ToUpperInvariant(command.Description![0])}{command.Description[1..]}.");
        foreach (var paragraph in (command as CommandOf)?.About ?? [])
            Paragraph(text, paragraph);
        Options(text, command);
        foreach (var example in (command as CommandOf)?.Examples ?? [])
            text.Write($".PP\n.nf\n    {Escaped(example)}\n.fi\n");
    }

    static void Options(TextWriter text, Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden && option is not HelpOption))
        {
            var value = option.HelpName is { } name ? $" \\fI{Escaped(name)}\\fR" : "";
            text.Write($".TP\n\\fB{Escaped(option.Name)}\\fR{value}\n{Escaped(option.Description ?? "")}\n");
        }
    }

    static void Paragraph(TextWriter text, string paragraph) => text.Write($".PP\n{Escaped(paragraph)}\n");

    // A line that begins with a dot or an apostrophe would be a request.
    static string Escaped(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("…", "...", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? $"\\&{escaped}" : escaped;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace PgBaton.Schema;

/// <summary>
/// One definition in a form in which two servers agree about it. Releases print the same expression with more or fewer parentheses and qualified names;
/// what is left of them here is the sequence of words, names without their qualifiers, literals and operators.
/// </summary>
static partial class SchemaText
{
    /// <summary>Equal as the servers print it, or but for what differs between releases.</summary>
    public static bool AreEqual(string one, string other, bool sameMajor)
    {
        var (left, right) = (Refusal.WithoutOptions(one), Refusal.WithoutOptions(other));
        return left == right || (!sameMajor && Normal(left) == Normal(right));
    }

    internal static string Normal(string command)
    {
        var normal = new StringBuilder(command.Length);
        command = command.Replace(" NO INDENT)", ")", StringComparison.Ordinal); // Of XMLSERIALIZE, said from 16 on.
        // The column of a child that is not null because its parent's is not: releases disagree about whether to print that.
        var tokens = Token().Matches(NamedNotNull().Replace(command, Inherits().IsMatch(command) ? "" : " NOT NULL"));
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at].ValueSpan;
            var qualifies = at + 1 < tokens.Count && tokens[at + 1].ValueSpan is "." && !char.IsAsciiDigit(token[0]);
            if (token is not ("(" or ")" or ".") && !qualifies)
                normal.Append(token).Append(' ');
        }

        return normal.ToString();
    }

    /// <summary>What is in one definition only, line by line, for people.</summary>
    public static List<string> Differences(string former, string now) => Differences(Lines(former), Lines(now));

    /// <summary>The same of lines.</summary>
    public static List<string> Differences(IReadOnlyCollection<string> former, IReadOnlyCollection<string> now)
        => [.. former.Except(now).Select(line => $"no longer \"{line}\""), .. now.Except(former).Select(line => $"now \"{line}\"")];

    static string[] Lines(string definition) => definition.Split('\n').Select(line => line.Trim().TrimEnd(',', ';')).Where(line => line.Length > 0).ToArray();

    /// <summary>Without the sentence that says which columns tell a row of this table in the stream.</summary>
    public static string WithoutReplicaIdentity(string command) => ReplicaIdentity().Replace(command, "\n");

    /// <summary>CREATE TABLE as pg_dump prints it, without the clause that makes it a child.</summary>
    public static string WithoutInherits(string command) => ParentsClause().Replace(command, ")", 1);

    // Behind the columns, of which none begins with a parenthesis in the first place of a line.
    [GeneratedRegex("""^\)\nINHERITS \((?:"(?:[^"]|"")*"|[^")])*\)""", RegexOptions.Multiline)]
    private static partial Regex ParentsClause();

    [GeneratedRegex(@"\n*^ALTER TABLE ONLY [^\n]* REPLICA IDENTITY (?:FULL|NOTHING);\n*", RegexOptions.Multiline)]
    private static partial Regex ReplicaIdentity();

    // A constraint with a name from 18 on, before that a property of the column.
    [GeneratedRegex("""(?:\sCONSTRAINT (?:"(?:[^"]|"")*"|\w+))? NOT NULL""")]
    private static partial Regex NamedNotNull();

    [GeneratedRegex("""^(?:\)\nINHERITS \(|ALTER TABLE ONLY [^\n]* INHERIT )""", RegexOptions.Multiline)]
    private static partial Regex Inherits();

    // A string, a body between dollars, a quoted name, a word or number, or one sign. Blanks match nothing.
    [GeneratedRegex("""E?'(?:[^'\\]|''|\\.)*'|(?<dollar>\$\w*\$)[\s\S]*?\k<dollar>|"(?:[^"]|"")*"|[\w$]+|[^\s\w]""")]
    private static partial Regex Token();
}

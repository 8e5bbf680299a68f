using System.Text.RegularExpressions;

namespace PgBaton.Schema;

/// <summary>
/// Definitions as pg_dump prints them, compared and told apart for people.
/// </summary>
static partial class SchemaText
{
    /// <summary>Equal as the servers print it, or but for what differs between releases.</summary>
    public static bool AreEqual(string one, string other, bool sameMajor)
    {
        var (left, right) = (Refusal.WithoutOptions(one), Refusal.WithoutOptions(other));
        if (!sameMajor && left.Contains(" AS RANGE (", StringComparison.Ordinal) && !Multirange().IsMatch(left))
            right = Multirange().Replace(right, ""); // There is none before 14.
        return left == right || (!sameMajor && NormalText.Of(left) == NormalText.Of(right));
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

    [GeneratedRegex(""",\n    multirange_type_name = (?:"(?:[^"]|"")*"|[\w.$])+""")]
    private static partial Regex Multirange();

    // Behind the columns, of which none begins with a parenthesis in the first place of a line.
    [GeneratedRegex("""^\)\nINHERITS \((?:"(?:[^"]|"")*"|[^")])*\)""", RegexOptions.Multiline)]
    private static partial Regex ParentsClause();

    [GeneratedRegex(@"\n*^ALTER TABLE ONLY [^\n]* REPLICA IDENTITY (?:FULL|NOTHING);\n*", RegexOptions.Multiline)]
    private static partial Regex ReplicaIdentity();
}

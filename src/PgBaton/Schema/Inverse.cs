using System.Text.RegularExpressions;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>What takes back an object of which pg_dump knows no command that drops it: a comment, a privilege, row security, …</summary>
static partial class Inverse
{
    /// <summary>Empty where only a person can say; a comment of SQL where it goes with something else.</summary>
    public static IEnumerable<string> Of(RecordedEntry entry) => entry.Kind switch
    {
        "COMMENT" or "SECURITY LABEL" => Before(entry.Command, " IS ") is { } what ? [$"{what} IS NULL;"] : [],
        "ROW SECURITY" => Before(entry.Command, " ENABLE ROW LEVEL SECURITY") is { } table ? [$"{table} DISABLE ROW LEVEL SECURITY;"] : [],
        "SEQUENCE OWNED BY" => Before(entry.Command, " OWNED BY ") is { } sequence ? [$"{sequence} OWNED BY NONE;"] : [],
        "SEQUENCE" => Before(entry.Command, " ADD GENERATED ") is { } column ? [$"{column} DROP IDENTITY IF EXISTS;"] : [],
        "ACL" or "DEFAULT ACL" => OfPrivileges(entry.Command, except: ""),
        "MATERIALIZED VIEW DATA" => [$"-- {entry.Description} goes with its view"],
        "INDEX ATTACH" or "TABLE ATTACH" => [$"-- {entry.Description} goes with its index or table"],
        _ => [],
    };

    /// <summary>Takes a partition off the table that the command puts it to.</summary>
    public static string OfAttach(string command, ArchiveEntry leaf)
        => $"{Before(command, " ATTACH PARTITION ")?.Replace("ALTER TABLE ONLY ", "ALTER TABLE ", StringComparison.Ordinal)} DETACH PARTITION {Sql.Identifier(leaf.Schema, leaf.Name)};";

    /// <summary>Two commands that put a partition to the same table.</summary>
    public static bool HaveSameRoot(string attach, string other) => Before(attach, " ATTACH PARTITION ") == Before(other, " ATTACH PARTITION ");

    /// <summary>The lines of GRANT and REVOKE that stand in the one text and not in the other, turned round, the last first. Nothing, where a role grants what is another's.</summary>
    public static IReadOnlyList<string> OfPrivileges(string command, string except)
    {
        var (lines, kept) = (Lines(command), Lines(except).ToHashSet());
        var turned = lines.Where(line => !kept.Contains(line)).Select(Turn).Reverse().ToList();
        return turned.Contains(null) ? [] : [.. turned.OfType<string>()];
    }

    static string? Turn(string line)
    {
        if (Grant().Match(line) is { Success: true } grant)
            return $"{grant.Groups["before"].Value}REVOKE {grant.Groups["what"].Value} FROM {grant.Groups["whom"].Value};";
        return Revoke().Match(line) is { Success: true } revoke ? $"{revoke.Groups["before"].Value}GRANT {revoke.Groups["what"].Value} TO {revoke.Groups["whom"].Value};" : null;
    }

    static IEnumerable<string> Lines(string command) => command.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    static string? Before(string command, string word) => command.IndexOf(word, StringComparison.Ordinal) is var end and > 0 ? command[..end] : null;

    [GeneratedRegex("^(?<before>ALTER DEFAULT PRIVILEGES .*?)?GRANT (?<what>.*) TO (?<whom>.*?)( WITH GRANT OPTION)?;$")]
    private static partial Regex Grant();

    [GeneratedRegex("^(?<before>ALTER DEFAULT PRIVILEGES .*?)?REVOKE (?<what>.*) FROM (?<whom>.*?);$")]
    private static partial Regex Revoke();
}

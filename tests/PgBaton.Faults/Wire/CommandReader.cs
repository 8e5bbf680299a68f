using System.Text.RegularExpressions;

namespace PgBaton.Faults.Wire;

/// <summary>Knows which commands a client's messages mean; keeps the texts of prepared ones.</summary>
sealed partial class CommandReader(string side, string session)
{
    readonly Dictionary<string, string> _prepared = [];

    /// <summary>Null for a message that starts nothing.</summary>
    public Command? Read(Frame frame)
    {
        switch (frame.Kind)
        {
            case 'Q':
                return new Command(side, session, OneLine(frame.Body), "");
            case 'P':
                var parse = frame.Body.Split('\0');
                _prepared[parse[0]] = OneLine(parse[1]);
                return null;
            case 'B':
                var bind = frame.Body.Split('\0', 3);
                return new Command(side, session, _prepared.GetValueOrDefault(bind[1], "?"), bind[2]);
            default:
                return null;
        }
    }

    static string OneLine(string sql) => Blanks().Replace(sql.TrimEnd('\0'), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

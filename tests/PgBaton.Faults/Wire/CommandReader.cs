using System.Buffers.Binary;
using System.Text;
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

    /// <summary>In place of a command (Q or B), one that the server refuses with an error of its own.</summary>
    public static Frame Failing(Frame command)
    {
        // Ends what a transaction may hold as any error does; the statement that a Bind names does not exist.
        var body = command.Kind == 'Q' ? "SELECT 1/0\0" : "\0no such statement\0\0\0\0\0\0\0";
        var bytes = new byte[5 + body.Length];
        bytes[0] = (byte)command.Kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + body.Length);
        Encoding.ASCII.GetBytes(body, bytes.AsSpan(5));
        return new Frame(command.Kind, bytes);
    }

    static string OneLine(string sql) => Blanks().Replace(sql.TrimEnd('\0'), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

using System.Text;

namespace PgBaton.Postgres;

/// <summary>~/.pgpass: <c>host:port:database:user:password</c>, <c>*</c> for any, backslash before a colon or a backslash that is meant.</summary>
static class PasswordFile
{
    /// <summary>The password of the first line that fits; null if none does. A file that others may read is not used, and <paramref name="warning"/> says so.</summary>
    public static string? Find(
        string? given, ConnectionEnvironment environment, string host, int port, string database, string user, out string? warning)
    {
        warning = null;
        var file = given ?? environment.HomeFile(".pgpass", "pgpass.conf");
        if (file is null || !File.Exists(file))
            return null;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0)
        {
            warning = $"password file {file} is not used because others may read it; chmod 0600 it";
            return null;
        }

        string[] wanted = [host, port.ToString(provider: null), database, user];
        return File.ReadLines(file, Encoding.UTF8)
            .Where(line => !line.StartsWith('#'))
            .Select(Fields)
            .FirstOrDefault(fields => fields.Count >= 5 && wanted.Index().All(field => fields[field.Index] == "*" || Same(fields[field.Index], field.Item)))?[4];
    }

    static bool Same(string written, string wanted) => written.Replace("\0", "", StringComparison.Ordinal) == wanted;

    // An escaped star is a star and not a wildcard: it keeps a mark.
    static List<string> Fields(string line)
    {
        var fields = new List<StringBuilder> { new() };
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
                fields[^1].Append(fields.Count < 5 ? "\0" : "").Append(line[++i]);
            else if (line[i] == ':' && fields.Count < 5)
                fields.Add(new StringBuilder());
            else
                fields[^1].Append(line[i]);
        }

        return fields.ConvertAll(field => field.ToString());
    }
}

using System.Text;

namespace PgBaton.Postgres;

/// <summary>What stands behind <c>postgresql://</c>: <c>[user[:password]@][host[:port]][,…][/dbname][?name=value[&amp;…]]</c>.</summary>
static class ConnectionUri
{
    static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">The message says why, and repeats nothing of it.</exception>
    public static Dictionary<string, string> Read(string rest)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadUser(parameters, ref rest);
        var end = rest.AsSpan().IndexOfAny('/', '?');
        ReadHosts(parameters, end < 0 ? rest : rest[..end]);
        rest = end < 0 ? "" : rest[end..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? rest : rest[..question];
        // libpq would take them; here they are the rest of a password more likely than the name of a database, which can be written with %40 and %2F.
        if (path.Length > 1 && path.AsSpan(1).ContainsAny('@', '/'))
            throw new FormatException("the database's name holds @ or /; in a name or a password, write / ? # @ : % as %2F %3F %23 %40 "
                + "%3A %25");
        if (path.Length > 1)
            parameters["dbname"] = Decode(path[1..]);
        if (question >= 0)
            ReadQuery(parameters, rest[(question + 1)..]);
        return parameters;
    }

    // As in libpq, user and password end at the first @, if it comes before any slash.
    static void ReadUser(Dictionary<string, string> parameters, ref string rest)
    {
        var end = rest.AsSpan().IndexOfAny('@', '/');
        if (end < 0 || rest[end] != '@')
            return;
        var user = rest[..end].Split(':', 2);
        if (user[0].Length > 0)
            parameters["user"] = Decode(user[0]);
        if (user.Length > 1 && user[1].Length > 0)
            parameters["password"] = Decode(user[1]);
        rest = rest[(end + 1)..];
    }

    static void ReadHosts(Dictionary<string, string> parameters, string text)
    {
        if (text.Length == 0)
            return;
        List<string> hosts = [], ports = [];
        foreach (var item in text.Split(','))
        {
            var (host, port) = SplitPort(item);
            hosts.Add(Decode(host));
            ports.Add(Decode(port));
        }

        if (hosts.Exists(host => host.Length > 0))
            parameters["host"] = string.Join(',', hosts);
        if (ports.Exists(port => port.Length > 0))
            parameters["port"] = string.Join(',', ports);
    }

    static (string Host, string Port) SplitPort(string item)
    {
        if (!item.StartsWith('['))
        {
            var parts = item.Split(':', 2);
            return (parts[0], parts.Length > 1 ? parts[1] : "");
        }

        var close = item.IndexOf(']', StringComparison.Ordinal);
        if (close < 0)
            throw new FormatException("an IPv6 address has no closing \"]\"");
        if (close == 1)
            throw new FormatException("an IPv6 address is empty");
        return item[(close + 1)..] switch
        {
            "" => (item[1..close], ""),
            [':', .. var port] => (item[1..close], port),
            _ => throw new FormatException("behind the \"]\" of an IPv6 address only a port may follow"),
        };
    }

    static void ReadQuery(Dictionary<string, string> parameters, string query)
    {
        var place = 0;
        foreach (var item in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            place++;
            var parts = item.Split('=');
            if (parts.Length != 2)
                throw new FormatException($"query parameter number {place} is not name=value; write / ? # @ : % of a password as %2F "
                    + "%3F %23 %40 %3A %25");
            var (name, value) = (Decode(parts[0]), Decode(parts[1]));
            // libpq takes JDBC's spelling.
            if (name == "ssl" && value == "true")
                (name, value) = ("sslmode", "require");
            ConnectionStringText.Add(parameters, name, value);
        }
    }

    static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(_utf8.GetBytes(text.Substring(i, length)));
                i += length - 1;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new FormatException("a percent sign is not followed by two hexadecimal digits; write % itself as %25");
            bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
            if (bytes[^1] == 0)
                throw new FormatException("it contains %00");
            i += 2;
        }

        try
        {
            return _utf8.GetString([.. bytes]);
        }
        catch (ArgumentException)
        {
            throw new FormatException("what its percent signs stand for is not UTF-8");
        }
    }
}

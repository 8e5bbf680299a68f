using System.Text;

namespace PgBaton.Postgres;

/// <summary>
/// Takes a connection string apart as libpq does, into its parameters as they are written. No message repeats any of it: with a character
/// out of place, what looks like a host or a port is a piece of the password.
/// </summary>
static class ConnectionStringText
{
    /// <exception cref="FormatException">It is of neither form; the message says why.</exception>
    public static Dictionary<string, string> Read(string text)
    {
        if (AfterScheme(text) is { } rest)
            return ConnectionUri.Read(rest);
        if (WhatElse(text) is { } other)
            throw new FormatException(other);
        return ReadKeywords(text);
    }

    static string? AfterScheme(string text)
        => text.StartsWith("postgresql://", StringComparison.Ordinal) ? text["postgresql://".Length..]
            : text.StartsWith("postgres://", StringComparison.Ordinal) ? text["postgres://".Length..]
            : null;

    // The forms of other programs, each with the way out.
    static string? WhatElse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "it is empty";
        if (text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase))
            return "it is a JDBC URL; leave out \"jdbc:\", and put user and password before the host "
                + "(postgresql://user:password@host/database)";
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && text[..scheme].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
            return text.StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
                ? "its scheme is not postgresql://; leave out the name of a driver behind \"postgresql\", and write it in small letters"
                : "its scheme is not postgresql://";
        if (LooksLikeAdoNet(text))
            return "it is an ADO.NET (Npgsql) connection string with semicolons; write it as postgresql://user@host:5432/database, or "
                + "with libpq's keywords: host=… port=… dbname=… user=…";
        return text.Contains('=', StringComparison.Ordinal) ? null : "it is neither a URI nor a list of keywords";
    }

    static bool LooksLikeAdoNet(string text)
    {
        var names = text.Split(';').Select(part => part.Split('=')[0].Trim()).ToArray();
        string[] theirs = ["Server", "Username", "User Id", "Userid", "Database", "SSL Mode", "Pwd", "User Name", "Uid"];
        return text.Contains(';', StringComparison.Ordinal) && names.Any(name => theirs.Contains(name, StringComparer.OrdinalIgnoreCase))
            || names.Any(name => name is "Host" or "Server" or "Username");
    }

    static Dictionary<string, string> ReadKeywords(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (SkipBlanks(text, ref at))
        {
            var start = at;
            while (at < text.Length && text[at] != '=' && !IsBlank(text[at]))
                at++;
            var name = text[start..at];
            if (!SkipBlanks(text, ref at) || text[at] != '=')
                throw new FormatException($"there is no \"=\" after keyword number {parameters.Count + 1}; put a value with blanks "
                    + "between single quotes");
            at++;
            SkipBlanks(text, ref at);
            Add(parameters, name, ReadValue(text, ref at));
        }

        return parameters;
    }

    static string ReadValue(string text, ref int at)
    {
        var quoted = at < text.Length && text[at] == '\'';
        if (quoted)
            at++;
        var value = new StringBuilder();
        for (; at < text.Length && (quoted ? text[at] != '\'' : !IsBlank(text[at])); at++)
        {
            if (text[at] == '\\' && ++at == text.Length)
                break;
            value.Append(text[at]);
        }

        if (quoted && at++ >= text.Length)
            throw new FormatException("a value that begins with a single quote has no end");
        return value.ToString();
    }

    /// <summary>The last value counts, as in libpq.</summary>
    public static void Add(Dictionary<string, string> parameters, string name, string value)
    {
        if (!ConnectionParameters.All.ContainsKey(name))
            throw new FormatException(ConnectionParameters.Unknown(name, parameters.Count + 1));
        parameters[name] = value;
    }

    static bool SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && IsBlank(text[at]))
            at++;
        return at < text.Length;
    }

    static bool IsBlank(char c) => c is ' ' or (>= '\t' and <= '\r');
}

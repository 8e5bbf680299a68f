namespace PgBaton.Runbook;

/// <summary>Text for a POSIX shell. Pure.</summary>
static class ShellText
{
    /// <summary>One word, whatever it holds.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A line that demands the variable of a password, where there is one. Nothing of the server's: the shell would read it.</summary>
    /// <param name="side">SOURCE or TARGET.</param>
    /// <param name="server">Whose.</param>
    public static string Password(string side, PlanServer server)
        => server.NeedsPassword ? $$""": "${{{side}}_PASSWORD:?set it to the password of the role on the {{side.ToLowerInvariant()}}}" """.TrimEnd()
            : $$"""{{side}}_PASSWORD=${{{side}}_PASSWORD-}""";
}

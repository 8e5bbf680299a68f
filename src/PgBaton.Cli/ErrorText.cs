namespace PgBaton.Cli;

/// <summary>An error for people, in psql's shape: <c>ERROR:  PB0101: …</c>, <c>DETAIL:  …</c>, <c>HINT:  …</c>.</summary>
static class ErrorText
{
    public static void Write(TextWriter output, ErrorReport error)
    {
        var colour = output == Console.Error && !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        foreach (var (label, text) in Lines(error))
            output.WriteLine(colour && label == "ERROR" ? $"\e[1;31m{label}:\e[0m  {text}" : $"{label}:  {text}");
    }

    static IEnumerable<(string Label, string Text)> Lines(ErrorReport error)
    {
        yield return ("ERROR", $"{error.Code}: {error.Message}");
        if (error.Detail is not null)
            yield return ("DETAIL", Indented(error.Detail));
        yield return ("HINT", Indented(error.Hint ?? $"\"pgbaton explain {error.Code}\" tells more."));
        if (error.Sqlstate is not null)
            yield return ("SQLSTATE", error.Sqlstate);
    }

    static string Indented(string text) => text.ReplaceLineEndings("\n         ");
}

namespace PgBaton.Cli.Options;

/// <summary>Several patterns in one variable: separated by commas or white space, except inside double quotes.</summary>
static class PatternList
{
    public static IEnumerable<string> Split(string text)
    {
        var begin = 0;
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"')
                quoted = !quoted;
            if (i < text.Length && (quoted || (text[i] != ',' && !char.IsWhiteSpace(text[i]))))
                continue;
            if (i > begin)
                yield return text[begin..i];
            begin = i + 1;
        }
    }
}

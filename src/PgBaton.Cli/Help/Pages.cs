using System.Text.RegularExpressions;

namespace PgBaton.Cli.Help;

/// <summary>The pages of docs/errors and docs/checks, embedded in the library.</summary>
static class Pages
{
    /// <summary>Ordered by code.</summary>
    public static IReadOnlyList<Page> All { get; } = Load();

    /// <exception cref="MigrationException">PB0023.</exception>
    public static Page Find(string code)
        => All.FirstOrDefault(page => page.Code.Equals(code.Trim(), StringComparison.OrdinalIgnoreCase))
           ?? throw Errors.UnknownCode(Secrets.Remove(code), Near(code));

    // Codes that lie beside each other are about the same part.
    static IReadOnlyList<string> Near(string code)
        => int.TryParse(code.AsSpan().TrimStart("PBpb"), out var number)
            ? [.. All.Select(page => page.Code).OrderBy(known => Math.Abs(int.Parse(known.AsSpan(2), provider: null) - number)).Take(3).Order(StringComparer.Ordinal)]
            : Nearest.To(code, All.Select(page => page.Code));

    static Page[] Load()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("PB", StringComparison.Ordinal) && name.EndsWith(".md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new Page(name[..^3], reader.ReadToEnd());
            })];
    }
}

/// <summary>One page: markdown whose first line is <c># PB0101: title</c>.</summary>
sealed partial record Page(string Code, string Markdown)
{
    /// <summary><c>PB0101: title</c>.</summary>
    public string Title => Markdown.Split('\n', 2)[0].TrimStart('#', ' ').TrimEnd();

    /// <summary>For a terminal or a pipe: headings without marks, code set in, links as their text.</summary>
    public IEnumerable<string> Lines()
    {
        var inCode = false;
        foreach (var line in Markdown.TrimEnd().Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            else if (inCode)
                yield return $"    {line}";
            else
                yield return Emphasis().Replace(Link().Replace(line.TrimStart('#').TrimStart(line.StartsWith('#') ? ' ' : '\0'), "$1"), "$1");
        }
    }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Emphasis();
}

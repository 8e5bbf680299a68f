namespace PgBaton.Preflight;

/// <summary>Many objects in one finding, so that ten thousand tables stay readable.</summary>
static class Listing
{
    const int Shown = 50;

    /// <summary>The first of them, and how many more there are.</summary>
    public static string Of(IReadOnlyCollection<string> items)
        => string.Join(", ", items.Take(Shown)) + (items.Count > Shown ? $" and {items.Count - Shown} more" : "");

    /// <summary>One command a line; of more than are shown, the rest as a comment.</summary>
    public static string Script(IReadOnlyCollection<string> commands)
        => string.Join('\n', commands.Take(Shown)) + (commands.Count > Shown ? $"\n-- and so on for {commands.Count - Shown} more" : "");

    /// <summary>The object itself if it is the only one.</summary>
    public static string? About(IReadOnlyList<string> items) => items.Count == 1 ? items[0] : null;

    public static string Them(int count) => count == 1 ? "it" : "them";

    public static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}

using Microsoft.AspNetCore.Http;

namespace PgBaton.Web;

/// <summary>The page's files, which travel inside the executable.</summary>
static class Assets
{
    static readonly Dictionary<string, string> _mediaTypes = new()
    {
        [".html"] = "text/html", [".css"] = "text/css", [".js"] = "text/javascript", [".svg"] = "image/svg+xml",
    };

    /// <summary>Path and what is served there.</summary>
    public static IEnumerable<(string Path, RequestDelegate Serve)> All()
        => from name in typeof(Assets).Assembly.GetManifestResourceNames()
           where _mediaTypes.ContainsKey(Path.GetExtension(name))
           select (name == "index.html" ? "/" : $"/{name}", Serve(name));

    /// <summary>What a person sees who has come without the token.</summary>
    public static string Door { get; } = Text("door.html");

    /// <summary>The same, for one who has brought another.</summary>
    public static string WrongDoor { get; } = Door.Replace(
        "<!-- wrong token -->",
        "<p><strong>The token in this address is not that of this pgbaton process.</strong> Each start makes a new one, unless it is kept in a file: take the address that was printed last.</p>",
        StringComparison.Ordinal);

    /// <summary>What a person sees whose address leads nowhere.</summary>
    public static string Nowhere { get; } = Text("nowhere.html");

    static RequestDelegate Serve(string name)
    {
        var (text, mediaType) = (Text(name), _mediaTypes[Path.GetExtension(name)]);
        return http => Answer.TextAsync(http, text, mediaType);
    }

    static string Text(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

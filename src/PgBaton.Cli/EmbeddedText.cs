namespace PgBaton.Cli;

/// <summary>Scripts that travel inside the executable.</summary>
static class EmbeddedText
{
    public static string Read(string file)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

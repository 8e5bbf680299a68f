namespace PgBaton;

/// <summary>What a process that becomes the engine wants to see before it ends.</summary>
/// <param name="Name">finished, in-sync, or a word.</param>
/// <param name="WordId">The word's row; null for the first two.</param>
public sealed record Goal(string Name, long? WordId = null)
{
    /// <summary>The whole migration, through cutover, until finish or abort.</summary>
    public static Goal Finished { get; } = new("finished");

    /// <summary>As soon as the target is in step.</summary>
    public static Goal InSync { get; } = new("in-sync");

    internal bool IsWord(string name) => WordId is not null && Name == name;
}

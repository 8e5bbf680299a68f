namespace PgBaton;

/// <summary>What a process that becomes the engine wants to see before it ends.</summary>
/// <param name="Name">finished, in-sync, copied, or a word.</param>
/// <param name="WordId">The word's row; null for the first three.</param>
public sealed record Goal(string Name, long? WordId = null)
{
    /// <summary>The whole migration, through cutover, until finish or abort.</summary>
    public static Goal Finished { get; } = new("finished");

    /// <summary>As soon as the target is in step.</summary>
    public static Goal InSync { get; } = new("in-sync");

    /// <summary>As soon as everything is copied and indexed.</summary>
    public static Goal Copied { get; } = new("copied");

    internal bool IsWord(string name) => WordId is not null && Name == name;
}

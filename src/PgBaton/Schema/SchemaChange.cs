namespace PgBaton.Schema;

/// <summary>An object of the source that is no longer what the journal says of it.</summary>
/// <param name="Object">Kind, schema, name; for people.</param>
/// <param name="What">As the end of a sentence about it.</param>
/// <param name="Statements">What brings the target level; empty where only a person can say.</param>
/// <param name="Was">Descriptions of the journal's entries that no longer hold.</param>
/// <param name="Now">What stands in their place; the definition of each is its whole command.</param>
sealed record SchemaChange(
    string Object, string What, IReadOnlyList<string> Statements, IReadOnlyList<string> Was, IReadOnlyList<ArchiveEntry> Now)
{
    /// <summary>Something that was not there before, with all that belongs to it.</summary>
    public bool IsNew => Was.Count == 0;

    /// <summary>It is no longer there.</summary>
    public bool IsGone => Now.Count == 0;

    /// <summary>Only a person can say what brings the target level.</summary>
    public bool NeedsPerson => Statements.Count == 0 && !IsNew;

    /// <summary>Rows of a table have values that no stream brings and no command gives them: only a copy does.</summary>
    public bool HasOtherValues { get; init; }

    /// <summary>Instead of the statements, if the target refuses them; may be empty.</summary>
    public IReadOnlyList<string> Otherwise { get; init; } = [];

    public override string ToString() => $"{Object} {What}";
}

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

    /// <summary>What brings the target level comes before what does for the others.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Rows of a table have values that no stream brings and no command gives them: only a copy does.</summary>
    public bool HasOtherValues { get; init; }

    /// <summary>The source is as it was: it was brought level once, and is not, or somebody changed the target.</summary>
    public bool IsLeft { get; init; }

    /// <summary>Nobody knows it but the target.</summary>
    public bool IsOnTargetOnly => IsLeft && IsGone;

    /// <summary>Ids of what stands on the target already, as it should.</summary>
    public IReadOnlySet<int> There { get; init; } = new HashSet<int>();

    /// <summary>
    /// Rows of before mean something else behind it: a type prints its values otherwise, a column that is new has another default for rows to come than the
    /// rows that were there got.
    /// </summary>
    public bool IsOfValues => !IsNew && !IsGone && !NeedsPerson && (Now is [{ Kind: "TYPE" }] || Statements.Any(AddsWithDefault));

    static bool AddsWithDefault(string statement) => statement.Contains(" ADD COLUMN ", StringComparison.Ordinal) && statement.Contains(" DEFAULT ", StringComparison.Ordinal);

    /// <summary>It is made as after a copy: it waits for rows, or looks at those of several tables.</summary>
    public bool ComesLater => IsLeft && Otherwise.Count == 0 && Now is [{ Section: ArchiveSection.PostData } missing] && Statements is [var only] && only == missing.Definition.Trim();

    /// <summary>It is the same object by the same name.</summary>
    public bool KeepsName => Was is [var was, ..] && Now is [var now, ..] && was == now.Description;

    /// <summary>Instead of the statements, if the target refuses them; may be empty.</summary>
    public IReadOnlyList<string> Otherwise { get; init; } = [];

    public override string ToString() => $"{Object} {What}";
}

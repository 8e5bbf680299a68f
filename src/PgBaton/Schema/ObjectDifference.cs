namespace PgBaton.Schema;

/// <summary>An object that is told of, as <see cref="SchemaChange"/>, before its columns have been looked at.</summary>
/// <param name="What">As the end of a sentence about it.</param>
/// <param name="Commands">May be empty strings.</param>
/// <param name="Former">The definition that no longer holds; only of what was changed, and of a partition.</param>
/// <param name="Detached">A partition that is a table of its own now.</param>
/// <param name="Renamed">It is a table that has another name on the target.</param>
/// <param name="Otherwise">What brings the target level if the commands are refused.</param>
sealed record ObjectDifference(
    string Object, string What, IReadOnlyList<string> Commands, IReadOnlyList<string> Was, IReadOnlyList<ArchiveEntry> Now,
    string Former = "", (string Schema, string Name)? Detached = null, Renaming? Renamed = null, IReadOnlyList<string>? Otherwise = null)
{
    /// <summary>It has another definition than before, or than on the target.</summary>
    public bool IsChanged => Former.Length > 0 && Now.Count > 0;

    /// <summary>The source is as it was.</summary>
    public bool IsLeft { get; init; }

    /// <summary>It goes before anything else is done: its name, or what it is part of, is another's afterwards.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Of a table that was changed or renamed, or a type that was changed.</summary>
    public ColumnHistory Columns { get; init; } = ColumnHistory.Unknown;

    /// <summary>What has to go before, and come back behind it, if the target refuses otherwise; in an order in which it can be made.</summary>
    public IReadOnlyList<ArchiveEntry> Around { get; init; } = [];
}

namespace PgBaton.Verify;

/// <summary>One key, or one row of a table without a key, that is not the same on both sides.</summary>
/// <param name="Kind">Missing on the target, extra there, or of other content.</param>
/// <param name="Key">The key's columns and their values, <c>(id)=(42)</c>; null for a table without a key.</param>
/// <param name="SourceRows">How often the source has it; without a key, how often it has this very row.</param>
/// <param name="TargetRows">The same for the target.</param>
/// <param name="SourceCtid">Where one such row lies on the source; null if there is none.</param>
/// <param name="TargetCtid">Where one such row lies on the target; null if there is none.</param>
public sealed record RowDifference(
    DifferenceKind Kind, string? Key, long SourceRows, long TargetRows, string? SourceCtid, string? TargetCtid)
{
    /// <summary>The columns that differ; all of them, where one side has no such row. Null unless values were asked for.</summary>
    public IReadOnlyList<ColumnDifference>? Values { get; init; }
}

/// <summary>One column of a row that differs.</summary>
/// <param name="Column">As in the catalog.</param>
/// <param name="Source">As printed there; null for null, and where the source has no such row. A long one is told by length and SHA-256.</param>
/// <param name="Target">The same for the target.</param>
public sealed record ColumnDifference(string Column, string? Source, string? Target);

/// <summary>In what way a row is not the same on both sides.</summary>
public enum DifferenceKind
{
    /// <summary>The target has it not, or not as often as the source.</summary>
    Missing,

    /// <summary>The target has it, and the source not, or not as often.</summary>
    Extra,

    /// <summary>Both have the key, with other values.</summary>
    Different,
}

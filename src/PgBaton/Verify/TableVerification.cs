namespace PgBaton.Verify;

/// <summary>What the comparison of one table found.</summary>
/// <param name="Schema">As in the catalog.</param>
/// <param name="Name">As in the catalog.</param>
/// <param name="Rows">On the source.</param>
/// <param name="TargetRows">On the target.</param>
/// <param name="Bytes">Heap and TOAST on the source.</param>
/// <param name="Digest">Of all rows on the source: the function's name, a colon, 32 hex digits. Empty if no row was read.</param>
/// <param name="IsEqual">The rows are the same multiset of the same printed values on both sides.</param>
/// <param name="Lsn">Both sides were read at this point of the source's history; null for two databases at rest.</param>
/// <param name="Reason">Why the rows could not be equal, such as a column that the target does not have; null if rows were compared.</param>
/// <param name="Differences">The first rows that differ, at most as many as were asked for.</param>
/// <param name="DifferenceCount">How many keys (rows, without a key) differ; null if not every bucket that differs was opened.</param>
public sealed record TableVerification(
    string Schema, string Name, long Rows, long TargetRows, long Bytes, string Digest, bool IsEqual, string? Lsn,
    string? Reason, IReadOnlyList<RowDifference> Differences, long? DifferenceCount)
{
    /// <summary>When it was kept in the journal; null where there is none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The source's file that was read: another one later means rows that never were in the stream.</summary>
    internal uint? Filenode { get; init; }

    /// <summary>The source's columns as <see cref="Catalog.Table.Columns"/> had them: others later mean values that never were in the stream.</summary>
    internal string? Columns { get; init; }

    /// <summary>The target's likewise: others later mean that somebody altered the table.</summary>
    internal string? TargetColumns { get; init; }

    /// <summary>Qualified and quoted.</summary>
    public string Table => Postgres.Sql.Identifier(Schema, Name);
}

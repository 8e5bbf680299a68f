namespace PgBaton.Verify;

/// <summary>Some blocks of a table's heap.</summary>
/// <param name="Relation">As it stands after FROM and LOCK TABLE, with ONLY where the table holds rows itself.</param>
/// <param name="From">First block; null: from the beginning.</param>
/// <param name="Before">First block that is not of it; null: to the end.</param>
/// <param name="Bytes">Of heap and TOAST, about.</param>
sealed record Piece(string Relation, long? From, long? Before, long Bytes)
{
    public static Piece Whole(TableShape shape)
        => new(shape.Table.HoldsRows ? $"ONLY {shape.Table.QualifiedName}" : shape.Table.QualifiedName, null, null, shape.Table.Bytes);

    /// <summary>A few rows of it, each found by where it lies.</summary>
    public static Piece Rows(TableShape shape) => Whole(shape) with { Bytes = 0 };

    /// <summary>Pieces of about <paramref name="bytes"/> of heap and TOAST; one where a range of ctids would not save reading the rest.</summary>
    public static IReadOnlyList<Piece> Cut(TableShape shape, long bytes, bool canCut)
    {
        var whole = Whole(shape);
        var count = Math.Min(shape.Blocks, (shape.Table.Bytes + bytes - 1) / bytes);
        return !canCut || !shape.Table.HoldsRows || count <= 1
            ? [whole]
            : [.. Enumerable.Range(0, (int)count).Select(n => whole with
            {
                From = n == 0 ? null : shape.Blocks * n / count,
                Before = n == count - 1 ? null : shape.Blocks * (n + 1) / count,
                Bytes = whole.Bytes / count,
            })];
    }
}

namespace PgBaton.Relay;

/// <summary>
/// Which row of a table it is, by the bytes of its key columns as the source printed them. Two keys that are equal to the server but print
/// differently (1.0 and 1.00) are two here; the source itself calls such a change a change of the key.
/// </summary>
readonly struct RowKey : IEquatable<RowKey>, IComparable<RowKey>
{
    readonly ReadOnlyMemory<byte> _bytes;
    readonly int _hash;

    RowKey(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        var hash = default(HashCode);
        hash.AddBytes(bytes.Span);
        _hash = hash.ToHashCode();
    }

    /// <summary>Null if a column of the key is null or not in the tuple.</summary>
    /// <param name="row">Of the table.</param>
    /// <param name="columns">Their indexes, ascending.</param>
    public static RowKey? Of(TupleData row, IReadOnlyList<int> columns)
    {
        var (key, length, found, place) = (columns.Count == 1 ? [] : new byte[row.Bytes.Length], 0, 0, sizeof(short));
        var fields = row.Columns;
        for (var i = 0; found < columns.Count && fields.Next(); place += fields.Field.Length, i++)
        {
            if (columns[found] != i)
                continue;
            if (fields.Kind != 't')
                return null;
            if (columns.Count == 1)
                return new RowKey(row.Bytes.Slice(place, fields.Field.Length));
            fields.Field.CopyTo(key.AsSpan(length));
            length += fields.Field.Length;
            found++;
        }

        return new RowKey(key.AsMemory(0, length));
    }

    public bool Equals(RowKey other) => _hash == other._hash && _bytes.Span.SequenceEqual(other._bytes.Span);

    public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>Roughly the order of an index: whole numbers by their value, texts by their length first.</summary>
    public int CompareTo(RowKey other)
        => _bytes.Length != other._bytes.Length ? _bytes.Length.CompareTo(other._bytes.Length) : _bytes.Span.SequenceCompareTo(other._bytes.Span);
}

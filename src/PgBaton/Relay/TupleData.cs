using System.Buffers.Binary;

namespace PgBaton.Relay;

/// <summary>
/// A row of a message, still in the message's own bytes ("TupleData": a count of columns, then kind and value of each). It has been walked to its
/// end once, so that it is known to be whole.
/// </summary>
/// <param name="Bytes">From the count on; empty if the message has no such row.</param>
/// <param name="HasUnchanged">Some column's TOASTed value did not change and is not in the stream.</param>
readonly record struct TupleData(ReadOnlyMemory<byte> Bytes, bool HasUnchanged)
{
    public bool IsMissing => Bytes.IsEmpty;

    /// <param name="reader">Stands before it.</param>
    /// <param name="message">What the reader reads.</param>
    /// <param name="width">Columns of the table's Relation message.</param>
    public static TupleData Read(ref MessageReader reader, ReadOnlyMemory<byte> message, int width)
    {
        var start = reader.Position;
        if (reader.Count(leastBytes: 1) != width)
            throw reader.Malformed();
        var hasUnchanged = false;
        for (var i = 0; i < width; i++)
        {
            switch ((char)reader.Byte())
            {
                case 't':
                    reader.Skip(reader.Int32());
                    break;
                case 'u':
                    hasUnchanged = true;
                    break;
                case 'n':
                    break;
                default:
                    throw reader.Malformed();
            }
        }

        return new TupleData(message[start..reader.Position], hasUnchanged);
    }

    public TupleColumns Columns => new(Bytes.Span);

    /// <summary>Every column.</summary>
    public TupleValue[] Values()
    {
        var columns = Columns;
        var values = new TupleValue[columns.Count];
        for (var i = 0; columns.Next(); i++)
            values[i] = Value(columns);
        return values;
    }

    /// <summary>Some columns, by their indexes in ascending order.</summary>
    public List<TupleValue> Values(IReadOnlyList<int> indexes)
    {
        var values = new List<TupleValue>(indexes.Count);
        var columns = Columns;
        for (var i = 0; values.Count < indexes.Count && columns.Next(); i++)
        {
            if (indexes[values.Count] == i)
                values.Add(Value(columns));
        }

        return values;
    }

    TupleValue Value(TupleColumns at) => new(at.Kind, Bytes.Slice(at.Start, at.Value.Length));

    /// <summary>The same row, with this one's values where the newer one has none because they did not change.</summary>
    public TupleData Under(TupleData newer)
    {
        if (!newer.HasUnchanged)
            return newer;
        var merged = new byte[Bytes.Length + newer.Bytes.Length];
        BinaryPrimitives.WriteInt16BigEndian(merged, BinaryPrimitives.ReadInt16BigEndian(Bytes.Span));
        var (length, hasUnchanged) = (sizeof(short), false);
        var older = Columns;
        var columns = newer.Columns;
        while (columns.Next() && older.Next())
        {
            var field = columns.Kind == 'u' ? older.Field : columns.Field;
            hasUnchanged |= field[0] == 'u';
            field.CopyTo(merged.AsSpan(length));
            length += field.Length;
        }

        return new TupleData(merged.AsMemory(0, length), hasUnchanged);
    }
}

/// <summary>The columns of a row, one after the other.</summary>
ref struct TupleColumns(ReadOnlySpan<byte> tuple)
{
    readonly ReadOnlySpan<byte> _tuple = tuple;
    int _next = sizeof(short);

    /// <summary>n null, u unchanged TOAST (the value is not in the stream), t text.</summary>
    public readonly char Kind => (char)Field[0];

    /// <summary>As the type's output function printed it, in UTF-8; empty for n and u.</summary>
    public readonly ReadOnlySpan<byte> Value => Field.Length == 1 ? default : Field[(1 + sizeof(int))..];

    /// <summary>Of the value, in the tuple.</summary>
    public readonly int Start => _next - Value.Length;

    /// <summary>How many there are.</summary>
    public readonly int Count => BinaryPrimitives.ReadInt16BigEndian(_tuple);

    /// <summary>Kind, length and value as they stand in the message.</summary>
    public ReadOnlySpan<byte> Field { get; private set; }

    /// <summary>False behind the last one.</summary>
    public bool Next()
    {
        if (_next >= _tuple.Length)
            return false;
        var length = _tuple[_next] == 't' ? 1 + sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(_tuple[(_next + 1)..]) : 1;
        Field = _tuple.Slice(_next, length);
        _next += length;
        return true;
    }
}

namespace PgBaton.Relay;

/// <summary>What an Insert, Update or Delete message says of a row.</summary>
/// <param name="Old">The old key (K), or the whole old row (O); null if the message has none.</param>
/// <param name="New">Null for a Delete.</param>
readonly record struct StreamedRow(TupleValue[]? Old, TupleValue[]? New)
{
    /// <summary>The rest of the message, behind the table's oid.</summary>
    /// <param name="message">There.</param>
    /// <param name="kind">I, U or D.</param>
    /// <param name="width">Columns of the table's Relation message.</param>
    public static StreamedRow Read(ref MessageReader message, char kind, int width)
    {
        var part = (char)message.Byte();
        TupleValue[]? old = null, row = null;
        if (part is 'K' or 'O' && kind != 'I')
        {
            old = Tuple(ref message, width);
            part = kind == 'D' ? '\0' : (char)message.Byte();
        }

        if (part != (kind == 'D' ? '\0' : 'N'))
            throw message.Malformed();
        if (kind != 'D')
            row = Tuple(ref message, width);
        if (kind == 'I' && Array.Exists(row!, value => value.IsUnchanged)) // There is no row it could be unchanged in.
            throw message.Malformed();
        message.MustEnd();
        return new StreamedRow(old, row);
    }

    static TupleValue[] Tuple(ref MessageReader message, int width)
        => TupleValue.ReadTuple(ref message) is var values && values.Length == width ? values : throw message.Malformed();
}

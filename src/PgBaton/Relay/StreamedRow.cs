namespace PgBaton.Relay;

/// <summary>What an Insert, Update or Delete message says of a row.</summary>
/// <param name="Old">The old key (K), or the whole old row (O); missing if the message has none.</param>
/// <param name="New">Missing for a Delete.</param>
readonly record struct StreamedRow(TupleData Old, TupleData New)
{
    /// <param name="message">I, U or D.</param>
    /// <param name="width">Columns of the table's Relation message.</param>
    public static StreamedRow Read(ReadOnlyMemory<byte> message, int width)
    {
        var reader = new MessageReader(message.Span);
        var kind = (char)reader.Byte();
        reader.Oid(); // of the table
        var part = (char)reader.Byte();
        TupleData old = default, row = default;
        if (part is 'K' or 'O' && kind != 'I')
        {
            old = TupleData.Read(ref reader, message, width);
            part = kind == 'D' ? '\0' : (char)reader.Byte();
        }

        if (part != (kind == 'D' ? '\0' : 'N'))
            throw reader.Malformed();
        if (kind != 'D')
            row = TupleData.Read(ref reader, message, width);
        if (kind == 'I' && row.HasUnchanged) // There is no row it could be unchanged in.
            throw reader.Malformed();
        reader.MustEnd();
        return new StreamedRow(old, row);
    }
}

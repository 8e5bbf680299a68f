using System.Buffers;

namespace PgBaton.Relay;

/// <summary>Writes rows in COPY's text format.</summary>
sealed class CopyText
{
    static readonly SearchValues<byte> _escaped = SearchValues.Create("\\\b\f\n\r\t\v"u8);

    readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    /// <param name="row">A whole row, of which some columns are left out.</param>
    /// <param name="isIn">Whether a column, by its index, is in it.</param>
    public void Add(TupleData row, Func<int, bool> isIn)
    {
        var isFirst = true;
        var columns = row.Columns;
        for (var i = 0; columns.Next(); i++)
        {
            if (!isIn(i))
                continue;
            if (!isFirst)
                _bytes.Write("\t"u8);
            isFirst = false;
            if (columns.Kind == 'n')
                _bytes.Write("\\N"u8);
            else
                AddEscaped(columns.Value);
        }

        _bytes.Write("\n"u8);
    }

    void AddEscaped(ReadOnlySpan<byte> value)
    {
        while (value.IndexOfAny(_escaped) is >= 0 and var at)
        {
            _bytes.Write(value[..at]);
            _bytes.Write([(byte)'\\', Letter(value[at])]);
            value = value[(at + 1)..];
        }

        _bytes.Write(value);
    }

    static byte Letter(byte escaped) => escaped switch
    {
        (byte)'\b' => (byte)'b',
        (byte)'\f' => (byte)'f',
        (byte)'\n' => (byte)'n',
        (byte)'\r' => (byte)'r',
        (byte)'\t' => (byte)'t',
        (byte)'\v' => (byte)'v',
        _ => escaped,
    };
}

using System.Buffers;
using System.Text;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Writes the text form of an array, element by element ("Array Input and Output Syntax").</summary>
/// <param name="delimiter">Of the element's type; a comma for nearly all.</param>
sealed class ArrayText(char delimiter)
{
    /// <summary>A value of nothing else needs no quotes, unless it is the word NULL.</summary>
    static readonly SearchValues<byte> _plain = SearchValues.Create("0123456789+-.:_/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    static readonly SearchValues<byte> _escaped = SearchValues.Create("\"\\"u8);

    readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public void AddNull() => AddPlain("NULL"u8);

    /// <param name="value">As the element type's output function prints it.</param>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (value.Length > 0 && !value.ContainsAnyExcept(_plain) && !Ascii.EqualsIgnoreCase(value, "NULL"u8))
            AddPlain(value);
        else
            AddQuoted(value);
    }

    /// <summary>The whole array; nothing can be added any more.</summary>
    public PrintedValue ToValue()
    {
        _bytes.Write(_bytes.WrittenCount > 0 ? "}"u8 : "{}"u8);
        return new PrintedValue(_bytes.WrittenMemory);
    }

    // Before an element.
    byte Lead => _bytes.WrittenCount > 0 ? (byte)delimiter : (byte)'{';

    void AddPlain(ReadOnlySpan<byte> value)
    {
        var to = _bytes.GetSpan(1 + value.Length);
        to[0] = Lead;
        value.CopyTo(to[1..]);
        _bytes.Advance(1 + value.Length);
    }

    void AddQuoted(ReadOnlySpan<byte> value)
    {
        _bytes.Write([Lead, (byte)'"']);
        while (value.IndexOfAny(_escaped) is >= 0 and var at)
        {
            _bytes.Write(value[..at]);
            _bytes.Write([(byte)'\\', value[at]]);
            value = value[(at + 1)..];
        }

        _bytes.Write(value);
        _bytes.Write("\""u8);
    }
}

using System.Buffers;
using System.Text;

namespace PgBaton.Relay;

/// <summary>Writes the text form of an array, element by element ("Array Input and Output Syntax").</summary>
/// <param name="delimiter">Of the element's type; a comma for nearly all.</param>
sealed class ArrayText(char delimiter)
{
    /// <summary>A value of nothing else needs no quotes, unless it is the word NULL.</summary>
    static readonly SearchValues<byte> _plain = SearchValues.Create("0123456789+-.:_/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    static readonly SearchValues<byte> _escaped = SearchValues.Create("\"\\"u8);
    static readonly UTF8Encoding _text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public void AddNull() => Begin().Write("NULL"u8);

    /// <param name="value">As the element type's output function prints it.</param>
    public void Add(ReadOnlySpan<byte> value)
    {
        Begin();
        if (value.Length > 0 && !value.ContainsAnyExcept(_plain) && !Ascii.EqualsIgnoreCase(value, "NULL"u8))
            _bytes.Write(value);
        else
            AddQuoted(value);
    }

    /// <exception cref="DecoderFallbackException">A value that is not UTF-8.</exception>
    public override string ToString() => $"{{{_text.GetString(_bytes.WrittenSpan)}}}";

    ArrayBufferWriter<byte> Begin()
    {
        if (_bytes.WrittenCount > 0)
            _bytes.Write([(byte)delimiter]);
        return _bytes;
    }

    void AddQuoted(ReadOnlySpan<byte> value)
    {
        _bytes.Write("\""u8);
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

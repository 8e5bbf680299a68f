using System.Text;

namespace PgBaton.Relay;

/// <summary>One column of a row in the stream, as the type's output function printed it.</summary>
/// <param name="Kind">n null, u unchanged TOAST (the value is not in the stream), t text.</param>
/// <param name="Bytes">In UTF-8; empty unless <paramref name="Kind"/> is t.</param>
readonly record struct TupleValue(char Kind, ReadOnlyMemory<byte> Bytes)
{
    static readonly UTF8Encoding _text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public bool IsUnchanged => Kind == 'u';

    public bool IsNull => Kind == 'n';

    /// <summary>Decoded; null unless it is a text.</summary>
    /// <exception cref="MigrationException">PB0504: it is not UTF-8.</exception>
    public string? Text()
    {
        try
        {
            return Kind == 't' ? _text.GetString(Bytes.Span) : null;
        }
        catch (DecoderFallbackException)
        {
            throw Errors.MalformedMessage(Kind, Bytes.Length);
        }
    }
}

using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>One column of a row in the stream, as the type's output function printed it.</summary>
/// <param name="Kind">n null, u unchanged TOAST (the value is not in the stream), t text.</param>
/// <param name="Bytes">In UTF-8, or as they are in a database without an encoding; empty unless <paramref name="Kind"/> is t.</param>
readonly record struct TupleValue(char Kind, ReadOnlyMemory<byte> Bytes)
{
    public bool IsUnchanged => Kind == 'u';

    public bool IsNull => Kind == 'n';

    /// <summary>Decoded; null unless it is a text.</summary>
    public string? Text() => Kind == 't' ? KeptBytes.Instance.GetString(Bytes.Span) : null;
}

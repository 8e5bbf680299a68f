namespace PgBaton.Relay;

/// <summary>One column of a row in the stream, as the type's output function printed it.</summary>
/// <param name="Kind">n null, u unchanged TOAST (the value is not in the stream), t text.</param>
/// <param name="Text">Null unless <paramref name="Kind"/> is t.</param>
readonly record struct TupleValue(char Kind, string? Text)
{
    public bool IsUnchanged => Kind == 'u';

    public bool IsNull => Kind == 'n';

    /// <summary>TupleData: a count, and for each column its kind and value.</summary>
    public static TupleValue[] ReadTuple(ref MessageReader message)
    {
        var values = new TupleValue[message.Count(leastBytes: 1)];
        for (var i = 0; i < values.Length; i++)
            values[i] = message.Value();
        return values;
    }
}

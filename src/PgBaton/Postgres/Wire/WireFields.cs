using System.Buffers.Binary;

namespace PgBaton.Postgres.Wire;

/// <summary>Reads the fields of a message, never past its end.</summary>
/// <exception cref="InvalidDataException">From every member: there is less than the message must have.</exception>
ref struct WireFields(ReadOnlySpan<byte> rest)
{
    /// <summary>What has not been read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = rest;

    public byte Byte() => Take(sizeof(byte))[0];
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));
    public Lsn Lsn() => new(BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong))));

    /// <summary>Ends with a zero byte. What is not UTF-8 (a message from before the encoding was agreed on) is kept.</summary>
    public string Text()
    {
        var end = Rest.IndexOf((byte)0);
        if (end < 0)
            throw TooShort();
        var text = KeptBytes.Instance.GetString(Rest[..end]);
        Rest = Rest[(end + 1)..];
        return text;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Rest.Length)
            throw TooShort();
        var taken = Rest[..count];
        Rest = Rest[count..];
        return taken;
    }

    static InvalidDataException TooShort() => new("a message of the server ends too early");
}

using System.Buffers.Binary;
using System.Text;

namespace PgBaton.Relay;

/// <summary>Reads the fields of one pgoutput message ("Logical Replication Message Formats"). Never reads past its end.</summary>
ref struct MessageReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _position;

    public byte Byte() => Take(1)[0];
    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));
    public uint Oid() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));
    public Lsn Lsn() => new(BinaryPrimitives.ReadUInt64BigEndian(Take(8)));

    /// <summary>Microseconds since 2000-01-01 UTC.</summary>
    public DateTime Timestamp() => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMicroseconds(Int64());

    public string Text()
    {
        var end = _message[_position..].IndexOf((byte)0);
        if (end < 0)
            throw Errors.MalformedMessage((char)_message[0], _message.Length);
        var text = Encoding.UTF8.GetString(_message.Slice(_position, end));
        _position += end + 1;
        return text;
    }

    /// <summary>A length, and that many bytes.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public void Skip(int count) => Take(count);

    ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _message.Length - _position)
            throw Errors.MalformedMessage((char)_message[0], _message.Length);
        var taken = _message.Slice(_position, count);
        _position += count;
        return taken;
    }
}

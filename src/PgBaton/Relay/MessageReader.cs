using System.Buffers.Binary;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Reads the fields of one pgoutput message ("Logical Replication Message Formats"). Never reads past its end, believes no count that cannot be
/// true, and replaces nothing it cannot decode: whatever does not fit is PB0504.
/// </summary>
ref struct MessageReader(ReadOnlySpan<byte> message)
{
    static readonly DateTime _epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly ReadOnlySpan<byte> _message = message;
    int _position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    public byte Byte() => Take(1)[0];
    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));
    public uint Oid() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));
    public Lsn Lsn() => new(BinaryPrimitives.ReadUInt64BigEndian(Take(8)));

    /// <summary>Microseconds since 2000-01-01 UTC.</summary>
    public DateTime Timestamp()
    {
        var microseconds = Int64();
        var (earliest, latest) = ((DateTime.MinValue - _epoch).Ticks / TimeSpan.TicksPerMicrosecond, (DateTime.MaxValue - _epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return microseconds >= earliest && microseconds <= latest ? _epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : throw Malformed();
    }

    /// <summary>How many of something follow, each of at least so many bytes.</summary>
    public int Count(int leastBytes)
    {
        var count = Int16();
        return count >= 0 && count * leastBytes <= _message.Length - _position ? count : throw Malformed();
    }

    /// <summary>Ends with a zero byte.</summary>
    public string Text()
    {
        var end = _message[_position..].IndexOf((byte)0);
        if (end < 0)
            throw Malformed();
        var text = KeptBytes.Instance.GetString(_message.Slice(_position, end));
        _position += end + 1;
        return text;
    }

    /// <summary>A length, and that many bytes of UTF-8.</summary>
    public string CountedText() => KeptBytes.Instance.GetString(Take(Int32()));

    public void Skip(int count) => Take(count);

    /// <summary>Nothing may be left.</summary>
    public readonly void MustEnd()
    {
        if (_position != _message.Length)
            throw Malformed();
    }

    public readonly MigrationException Malformed() => Errors.MalformedMessage(_message.IsEmpty ? '\0' : (char)_message[0], _message.Length);

    ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _message.Length - _position)
            throw Malformed();
        var taken = _message.Slice(_position, count);
        _position += count;
        return taken;
    }
}

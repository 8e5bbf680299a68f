using System.Buffers.Binary;

namespace PgBaton.Relay;

/// <summary>Some consecutive messages of the stream, each with its length in front. Written by one, then read by one.</summary>
sealed class MessageBlock
{
    const int Size = 64 * 1024;

    byte[] _bytes = new byte[Size];
    int _length, _read;

    public bool IsEmpty => _length == 0;

    /// <summary>A message that is larger than a block is alone in its block.</summary>
    public bool IsFull => _length >= Size / 2;

    public async ValueTask AppendAsync(Stream message, CancellationToken ct)
    {
        var length = checked((int)message.Length);
        if (_bytes.Length - _length - sizeof(int) < length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + sizeof(int) + length));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), length);
        await message.ReadExactlyAsync(_bytes.AsMemory(_length + sizeof(int), length), ct);
        _length += sizeof(int) + length;
    }

    /// <summary>Nothing more will be appended: what was kept free for it is given back, since a message may be kept for some time.</summary>
    public void Close() => Array.Resize(ref _bytes, _length);

    /// <summary>The next message; false at the end of the block.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> message) => TryPeek(ref _read, out message);

    /// <summary>The message at a place, and the place of the one after it. Place 0 of an unread block is the first one.</summary>
    public bool TryPeek(ref int place, out ReadOnlyMemory<byte> message)
    {
        if (place >= _length)
        {
            message = default;
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(place));
        message = _bytes.AsMemory(place + sizeof(int), length);
        place += sizeof(int) + length;
        return true;
    }

    /// <summary>Where reading stands.</summary>
    public int Place => _read;
}

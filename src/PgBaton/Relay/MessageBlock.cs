using System.Buffers.Binary;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>Some consecutive messages of the stream, each with its length in front. Written by one, then read by one.</summary>
sealed class MessageBlock
{
    const int Size = 64 * 1024;

    readonly ReadOnlyMemory<byte> _alone; // A message that is where it was read to.
    byte[] _bytes;
    int _length, _read;

    public MessageBlock() => _bytes = GC.AllocateUninitializedArray<byte>(Size);

    /// <summary>With one message, that is not copied.</summary>
    public MessageBlock(ReadOnlyMemory<byte> alone) => (_bytes, _alone, _length) = ([], alone, 1);

    public bool IsEmpty => _length == 0;

    /// <summary>A message that is larger than a block is alone in its block.</summary>
    public bool IsFull => _length >= Size / 2;

    public async ValueTask AppendAsync(Stream message, CancellationToken ct)
        => await message.ReadExactlyAsync(Room(checked((int)message.Length)), ct);

    /// <summary>A message of so many bytes goes in without more memory for it.</summary>
    public bool HasRoomFor(int length) => _bytes.Length - _length - sizeof(int) >= length;

    public void Append(ReadOnlySpan<byte> message) => message.CopyTo(Room(message.Length).Span);

    /// <summary>Nothing more will be appended: what was kept free for it is given back, since a message may be kept for some time.</summary>
    public void Close()
    {
        if (_length < _bytes.Length - (_bytes.Length / 8))
            Array.Resize(ref _bytes, _length);
    }

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

        if (_bytes.Length == 0)
        {
            (message, place) = (_alone, _length);
            return true;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(place));
        message = _bytes.AsMemory(place + sizeof(int), length);
        place += sizeof(int) + length;
        return true;
    }

    /// <summary>Where reading stands.</summary>
    public int Place => _read;

    /// <summary>It has been read to its end: what it holds on disk is gone, unless somebody has claimed it.</summary>
    public void Leave()
    {
        if (SpooledBytes.Of(_alone, out _) is { IsClaimed: false } spooled)
            ((IDisposable)spooled).Dispose();
    }

    // For the next message, behind its length.
    Memory<byte> Room(int length)
    {
        if (!HasRoomFor(length))
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + sizeof(int) + length));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), length);
        var room = _bytes.AsMemory(_length + sizeof(int), length);
        _length += sizeof(int) + length;
        return room;
    }
}

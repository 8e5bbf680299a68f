using System.Buffers.Binary;

namespace PgBaton.Postgres.Wire;

/// <summary>
/// The server's messages, out of one buffer that is filled in large pieces. To take the next message costs no copy and no await; only a buffer
/// that has run dry is waited for.
/// </summary>
sealed class WireReader(Stream stream)
{
    /// <summary>Bytes that are read at once, and the longest message that is not given a buffer of its own.</summary>
    public const int Size = 64 * 1024;

    const int Header = sizeof(byte) + sizeof(int);

    /// <summary>What a server can put into one message, and its header: MaxAllocSize is 1 GB.</summary>
    const int Longest = (1 << 30) + 64;

    byte[] _bytes = new byte[Size];
    int _begin, _end;
    int _left; // Of a CopyData message whose first part was taken.

    /// <summary>Bytes that were read and not taken: no message that is whole here is longer.</summary>
    public int Buffered => _end - _begin;

    /// <summary>The next message; false if it is not here to its end, then <see cref="FillAsync"/> has to come.</summary>
    /// <exception cref="InvalidDataException">It cannot be one.</exception>
    public bool TryRead(out WireMessage message)
    {
        message = default;
        if (Buffered < Header)
            return false;
        var length = NextLength();
        if (Buffered < length)
            return false;
        message = new WireMessage(_bytes[_begin], _bytes.AsSpan(_begin + Header, length - Header));
        _begin += length;
        return true;
    }

    /// <summary>The length of what the next message holds, if that is CopyData and its header is here.</summary>
    /// <exception cref="InvalidDataException">It cannot be one.</exception>
    public int? NextCopyData => Buffered >= Header && _bytes[_begin] == 'd' && !IsInCopyData ? NextLength() - Header : null;

    /// <summary>The first part of a row was taken: what comes next is the rest of it.</summary>
    public bool IsInCopyData => _left > 0;

    /// <summary>
    /// Moves the contents of CopyData messages, one behind the other and the last perhaps in part. Stops where <paramref name="to"/> is full, where
    /// nothing more is here, and before a message of another kind.
    /// </summary>
    public int TakeCopyData(Span<byte> to)
    {
        var taken = 0;
        while (taken < to.Length && (_left > 0 || TryBeginCopyData()))
        {
            var count = Math.Min(_left, Math.Min(to.Length - taken, Buffered));
            if (count == 0 && _left > 0)
                break;
            _bytes.AsSpan(_begin, count).CopyTo(to[taken..]);
            (_begin, _left, taken) = (_begin + count, _left - count, taken + count);
        }

        return taken;
    }

    /// <summary>
    /// Only for a message longer than <see cref="Size"/> that was just read: its buffer, header and all, for the caller to keep. It holds nothing else.
    /// </summary>
    public byte[] Detach()
    {
        var whole = _bytes;
        _bytes = new byte[Size];
        _begin = _end = 0;
        return whole;
    }

    /// <exception cref="IOException">The connection is lost; <see cref="EndOfStreamException"/> if the server has closed it.</exception>
    public async ValueTask FillAsync(CancellationToken ct)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_bytes.AsMemory(_end), ct);
        _end += read > 0 ? read : throw new EndOfStreamException("the server closed the connection");
    }

    bool TryBeginCopyData()
    {
        if (Buffered < Header || _bytes[_begin] != 'd')
            return false;
        _left = NextLength() - Header;
        _begin += Header;
        return true;
    }

    int NextLength()
    {
        var (kind, length) = (_bytes[_begin], BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(_begin + 1)));
        return length is >= sizeof(int) and <= Longest
            ? sizeof(byte) + length
            : throw new InvalidDataException($"message '{(char)kind}' of the server has a length of {length} bytes");
    }

    void MakeRoom()
    {
        var needed = Buffered < Header || IsInCopyData ? Header : NextLength();
        if (needed > Size && Buffered == _bytes.Length)
            MoveTo(new byte[Grown(needed)]);
        else if (needed <= Size && _bytes.Length > Size)
            MoveTo(new byte[Size]);
        else if (_begin > 0 && (_bytes.Length - _begin < needed || _bytes.Length - _end < Size / 4))
            MoveTo(_bytes);
    }

    // In proportion to what has arrived, lest a length that nothing comes of costs memory; in few steps, since each is a copy. In the end exactly
    // as long as the message, so that nothing of the next one gets into its buffer.
    int Grown(int needed)
    {
        var more = 4L * _bytes.Length;
        return 2 * more < needed ? (int)more : needed;
    }

    void MoveTo(byte[] bytes)
    {
        _bytes.AsSpan(_begin, Buffered).CopyTo(bytes);
        (_bytes, _begin, _end) = (bytes, 0, Buffered);
    }
}

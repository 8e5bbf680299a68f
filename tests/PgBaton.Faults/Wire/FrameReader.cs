using System.Buffers.Binary;

namespace PgBaton.Faults.Wire;

/// <summary>Cuts what comes over a socket into messages.</summary>
sealed class FrameReader(Stream stream)
{
    byte[] _buffer = new byte[1 << 16];
    int _start, _end;

    /// <summary>Null at the end of the stream, even in the middle of a message.</summary>
    public async ValueTask<Frame?> NextAsync(bool isFirst, CancellationToken ct)
    {
        var header = isFirst ? 0 : 1;
        if (!await FillAsync(header + sizeof(int), ct))
            return null;
        var length = header + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + header));
        if (!await FillAsync(length, ct))
            return null;
        var frame = new Frame(isFirst ? '\0' : (char)_buffer[_start], _buffer.AsMemory(_start, length));
        _start += length;
        return frame;
    }

    /// <summary>The single byte that answers a wish for encryption.</summary>
    public async ValueTask<byte[]?> ByteAsync(CancellationToken ct)
        => await FillAsync(1, ct) ? [_buffer[_start++]] : null;

    /// <summary>It was no answer to that, but the first of a message.</summary>
    public void PutBack() => _start--;

    async ValueTask<bool> FillAsync(int count, CancellationToken ct)
    {
        if (_start + count > _buffer.Length)
        {
            var larger = count > _buffer.Length ? new byte[Math.Max(count, 2 * _buffer.Length)] : _buffer;
            Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }

        while (_end - _start < count)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }
}

using System.Buffers.Binary;

namespace PgBaton.Postgres;

/// <summary>
/// Counts the rows in the bytes of a COPY by their frame alone; no value is looked at. In text format every row ends with the only raw
/// newline it has. In binary format a row is a count of fields and each field its length.
/// </summary>
sealed class CopyRows(bool isBinary)
{
    const int HeaderLength = 19; // signature, flags, length of the extension

    readonly byte[] _pending = new byte[HeaderLength];
    int _pendingLength;
    int _needed = HeaderLength;
    long _skip;
    int _fieldsLeft;
    bool _headerRead;

    public long Count { get; private set; }

    /// <summary>The stream ended where a COPY ends.</summary>
    public bool IsComplete { get; private set; } = !isBinary;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!isBinary)
        {
            IsComplete = bytes[^1] == (byte)'\n';
            Count += bytes.Count((byte)'\n');
            return;
        }

        while (!bytes.IsEmpty)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                bytes = bytes[skipped..];
            }
            else if (_pendingLength == 0 && bytes.Length >= _needed)
            {
                var length = _needed;
                Take(bytes[..length]);
                bytes = bytes[length..];
            }
            else
            {
                bytes = Collect(bytes);
            }
        }
    }

    // A frame cut in two by the end of a buffer.
    ReadOnlySpan<byte> Collect(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(_needed - _pendingLength, bytes.Length);
        bytes[..taken].CopyTo(_pending.AsSpan(_pendingLength));
        _pendingLength += taken;
        if (_pendingLength == _needed)
        {
            _pendingLength = 0;
            Take(_pending.AsSpan(0, _needed));
        }

        return bytes[taken..];
    }

    void Take(ReadOnlySpan<byte> frame)
    {
        if (IsComplete)
            throw new InvalidDataException("binary COPY goes on after its trailer");
        if (!_headerRead)
        {
            _headerRead = true;
            _skip = BinaryPrimitives.ReadInt32BigEndian(frame[15..]);
        }
        else if (_fieldsLeft > 0)
        {
            _skip = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(frame)); // -1 is null
            _fieldsLeft--;
        }
        else if (BinaryPrimitives.ReadInt16BigEndian(frame) is >= 0 and var fields)
        {
            Count++;
            _fieldsLeft = fields;
        }
        else
        {
            IsComplete = true;
        }

        _needed = _fieldsLeft > 0 ? 4 : 2;
    }
}

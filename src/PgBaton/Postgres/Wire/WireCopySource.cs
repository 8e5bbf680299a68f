using Npgsql;

namespace PgBaton.Postgres.Wire;

/// <summary>
/// The server sends a message for each row. Their contents go into the caller's buffer one behind the other, copied once and looked at never; a row
/// of any size passes through in pieces.
/// </summary>
sealed class WireCopySource(WireSession session) : CopySource
{
    bool _isOver; // CopyDone has come.

    public override async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await session.SendAsync(Outgoing.Query(sql), ct);
        PostgresException? refusal = null;
        while (true)
        {
            while (session.Reader.TryRead(out var message))
            {
                if (message.Kind == 'E')
                    refusal ??= WireError.Read(message);
                if (message.Kind == 'Z' && refusal is not null)
                    throw refusal;
                if (message.Kind == 'Z')
                    return;
            }

            await session.Reader.FillAsync(ct);
        }
    }

    public override async Task BeginAsync(string copyOut, bool isBinary, CancellationToken ct)
    {
        _isOver = false;
        await session.SendAsync(Outgoing.Query(copyOut), ct);
        var sent = await session.NextAsync('H', response => response.Body[0], ct);
        if (sent != (isBinary ? 1 : 0))
            throw new InvalidDataException("the server sends rows in another format than was asked for");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var length = 0;
        while (length < buffer.Length && !_isOver)
        {
            var taken = session.Reader.TakeCopyData(buffer.Span[length..]);
            length += taken;
            if (taken == 0 && !TryOther())
                await session.Reader.FillAsync(ct);
        }

        return length;
    }

    public override async ValueTask EndAsync(CancellationToken ct)
    {
        await session.NextAsync('C', _ => true, ct);
        await session.NextAsync('Z', _ => true, ct);
    }

    public override ValueTask GiveUpAsync() => session.DisposeAsync();

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    // What stands between rows and behind the last one; false: that has to come first.
    bool TryOther()
    {
        if (session.Reader.IsInCopyData || !session.Reader.TryRead(out var message))
            return false;
        if (message.Kind == 'E')
            throw WireError.Read(message);
        _isOver = message.Kind == 'c';
        return _isOver || message.Kind is 'N' or 'S' or 'A' ? true : throw new InvalidDataException($"the server sent '{message.Kind}' in the midst of rows");
    }
}

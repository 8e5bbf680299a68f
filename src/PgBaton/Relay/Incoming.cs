using System.Threading.Channels;

namespace PgBaton.Relay;

/// <summary>The messages in the order they came, one at a time, with a look ahead.</summary>
sealed class Incoming(ChannelReader<MessageBlock> blocks)
{
    /// <summary>How far a look ahead may go before it gives up.</summary>
    const long LookAheadBytes = 64L << 20;

    readonly LinkedList<MessageBlock> _pending = new();

    /// <summary>False if nothing is here right now.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> message)
    {
        while (true)
        {
            if (_pending.First is null && !TryFetch())
            {
                message = default;
                return false;
            }

            if (_pending.First!.Value.TryRead(out message))
                return true;
            _pending.First.Value.Leave();
            _pending.RemoveFirst();
        }
    }

    /// <summary>Ends when something is here. Throws what ended the stream.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        if (_pending.First is null && !await blocks.WaitToReadAsync(ct))
            throw new InvalidOperationException("the stream of changes has ended");
    }

    /// <summary>
    /// Shows the coming messages without consuming them, until one makes <paramref name="see"/> return true. False if that did not happen
    /// within the bound.
    /// </summary>
    public async Task<bool> LookAheadAsync(Func<ReadOnlyMemory<byte>, bool> see, CancellationToken ct)
    {
        var seen = 0L;
        for (LinkedListNode<MessageBlock>? node = null; ;)
        {
            node = node is null ? _pending.First : node.Next;
            while (node is null)
            {
                await FetchAsync(ct);
                node = _pending.Last;
            }

            var place = node.Value.Place;
            while (node.Value.TryPeek(ref place, out var message))
            {
                seen += message.Length;
                if (see(message))
                    return true;
            }

            if (seen > LookAheadBytes)
                return false;
        }
    }

    bool TryFetch()
    {
        if (!blocks.TryRead(out var block))
            return false;
        _pending.AddLast(block);
        return true;
    }

    async Task FetchAsync(CancellationToken ct)
    {
        while (!TryFetch())
        {
            if (!await blocks.WaitToReadAsync(ct))
                throw new InvalidOperationException("the stream of changes has ended");
        }
    }
}

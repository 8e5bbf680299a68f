using PgBaton.Postgres;
using PgBaton.Postgres.Wire;

namespace PgBaton.Relay;

/// <summary>
/// The stream over our own wire. A message costs its copy into a block and nothing else; who reads the blocks is woken when one is full or nothing
/// more has arrived.
/// </summary>
sealed class WireStream : SourceStream
{
    /// <summary>Before the bytes of pgoutput in XLogData: its kind, two positions and a clock; and those of CopyData around it.</summary>
    const int DataHeader = 1 + (3 * sizeof(long)), CopyHeader = 1 + sizeof(int);

    /// <summary>Longer ones never come to lie in memory.</summary>
    const int Longest = DataHeader + Spool.From;

    /// <summary>How long a source may take to end the stream when asked to; and before it is asked more firmly.</summary>
    static readonly TimeSpan _farewell = TimeSpan.FromSeconds(2), _courtesy = TimeSpan.FromMilliseconds(200);

    readonly WireSession _session;
    readonly string _command;
    readonly List<MessageBlock> _ended = []; // To be handed over.
    readonly SemaphoreSlim _asked = new(0); // The source wants to know where we are.
    MessageBlock _filling = new();
    ulong _received, _durable;
    long _waitingSince = long.MaxValue; // For the source to say something; in milliseconds of the system's clock.
    bool _isStreaming;

    WireStream(WireSession session, Direction direction, Lsn from, Action spoolFilled) : base(spoolFilled)
    {
        (_session, _received, _durable) = (session, (ulong)from, (ulong)from);
        var options = string.Join(", ", Options(direction).Select(option => $"{option.Key} {Sql.Literal(option.Value!)}"));
        _command = $"START_REPLICATION SLOT {Sql.Identifier(direction.SlotName)} LOGICAL {from} ({options})";
    }

    /// <summary>Null where the driver has to do it, or is to.</summary>
    public static async Task<WireStream?> TryOpenAsync(Direction direction, StreamWire wire, Lsn from, Action spoolFilled, CancellationToken ct)
        => await direction.Publisher.TryOpenWireAsync("relay", isReplication: true, wire, ct) is { } session
            ? new WireStream(session, direction, from, spoolFilled)
            : null;

    public override void Acknowledge(Lsn lsn) => Volatile.Write(ref _durable, (ulong)lsn);

    protected override async Task PumpAsync(CancellationToken ct)
    {
        try
        {
            await StreamAsync(ct);
        }
        catch (InvalidDataException failure)
        {
            throw Errors.MalformedStream(failure);
        }
    }

    protected override async ValueTask CloseAsync()
    {
        if (_isStreaming)
            await TakeLeaveAsync();
        await _session.DisposeAsync();
        _asked.Dispose();
    }

    async Task StreamAsync(CancellationToken ct)
    {
        await _session.SendAsync(Outgoing.Query(_command), ct);
        await _session.NextAsync('W', _ => true, ct); // CopyBothResponse
        _isStreaming = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (receiving, telling) = (ReceiveAsync(either.Token), TellAsync(either.Token));
        var first = await Task.WhenAny(receiving, telling);
        _isStreaming = ct.IsCancellationRequested; // Else something is broken, and there is nobody to take leave of.
        await either.EndAsync(first == receiving ? telling : receiving);
        await first;
    }

    async Task ReceiveAsync(CancellationToken ct)
    {
        var flow = new Flow();
        while (true)
        {
            flow.Count(Slice());
            var isDry = !_session.HasArrived; // Looked at once: while blocks are handed over, the next message comes, and would be read alone.
            var next = _session.Reader.NextCopyData;
            if (isDry || next > Longest)
                EndBlock(); // What is here should not wait for what is not.
            foreach (var block in _ended)
                await HandOverAsync(block);
            _ended.Clear();
            if (next > Longest)
            {
                await HandOverLongAsync(next.Value, ct);
                continue; // What came with its end is here.
            }

            if (isDry && flow.IsDense)
                await Task.Delay(Pause, ct);
            await FillAsync(ct);
        }
    }

    async ValueTask FillAsync(CancellationToken ct)
    {
        Volatile.Write(ref _waitingSince, Environment.TickCount64);
        await _session.Reader.FillAsync(ct);
        Volatile.Write(ref _waitingSince, long.MaxValue);
    }

    async Task HandOverLongAsync(int length, CancellationToken ct)
    {
        var header = new byte[DataHeader];
        for (var read = 0; read < DataHeader;)
            read += await ReadCopyDataAsync(header.AsMemory(read), ct);
        if (!Take(new WireMessage((byte)'d', header), out _))
            throw new InvalidDataException($"it has a message of {length} bytes that is not of changes");
        await LeaveSocketThreadAsync(); // To make room on a disk may take its time.
        await HandOverLongAsync(length - DataHeader, ReadCopyDataAsync, ct);
    }

    async ValueTask<int> ReadCopyDataAsync(Memory<byte> piece, CancellationToken ct)
    {
        while (true)
        {
            if (_session.Reader.TakeCopyData(piece.Span) is > 0 and var count)
                return count;
            await FillAsync(ct);
        }
    }

    // Into blocks, what is here to its end; returns how many messages.
    int Slice()
    {
        var (reader, count) = (_session.Reader, 0);
        while (reader.TryRead(out var message))
        {
            if (!Take(message, out var change))
                continue;
            count++;
            var isLarge = message.Body.Length > WireReader.Size;
            if (isLarge || !_filling.HasRoomFor(change.Length))
                EndBlock();
            if (isLarge)
                _ended.Add(new MessageBlock(reader.Detach().AsMemory(CopyHeader + DataHeader))); // Alone in its buffer.
            else
                _filling.Append(change);
        }

        return count;
    }

    void EndBlock()
    {
        if (_filling.IsEmpty)
            return;
        _filling.Close();
        _ended.Add(_filling);
        _filling = new MessageBlock();
    }

    // True for what pgoutput says, false for what only concerns the connection.
    bool Take(WireMessage message, out ReadOnlySpan<byte> change)
    {
        change = default;
        switch (message.Kind)
        {
            case 'd' when message.Body is [(byte)'w', ..] && message.Body.Length >= DataHeader:
                change = message.Body[DataHeader..];
                SeeEnd(message);
                return true;
            case 'd' when message.Body is [(byte)'k', ..] && message.Body.Length == 2 + (2 * sizeof(long)):
                SeeEnd(message);
                if (message.Body[^1] != 0 && _asked.CurrentCount == 0)
                    _asked.Release();
                return false;
            case 'N' or 'S' or 'A':
                return false;
            case 'E':
                throw WireError.Read(message);
            case 'c' or 'C': // So a server says that it is being shut down.
                throw new IOException("the source ended the replication stream");
            default:
                throw new InvalidDataException($"it has a message '{message.Kind}' of {message.Body.Length} bytes where it cannot be");
        }
    }

    // Both kinds have, after their first byte or the first position, the end of the WAL that is known to have reached us.
    void SeeEnd(WireMessage message)
    {
        var fields = message.Fields;
        fields.Take(message.Body[0] == 'w' ? 1 + sizeof(long) : 1);
        _received = Math.Max(_received, (ulong)fields.Lsn());
    }

    // From time to time and when asked, so that the source gives WAL back and does not take us for dead; and notices when the source is.
    async Task TellAsync(CancellationToken ct)
    {
        while (true)
        {
            await _asked.WaitAsync(StatusInterval, ct);
            var silence = TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - Volatile.Read(ref _waitingSince)));
            if (silence > Patience - StatusInterval)
                throw new TimeoutException($"nothing came from the source for {Patience.TotalSeconds} s");
            await SendStatusAsync(wantsReply: silence > Patience / 2, ct);
        }
    }

    ValueTask SendStatusAsync(bool wantsReply, CancellationToken ct)
    {
        Lsn received = new(Volatile.Read(ref _received)), durable = new(Volatile.Read(ref _durable));
        return _session.SendAsync(Outgoing.StandbyStatus(received, durable, TimeProvider.System.GetUtcNow(), wantsReply), ct);
    }

    // So that the slot is free when this returns. A source in the middle of a large transaction hears only a cancellation.
    async Task TakeLeaveAsync()
    {
        using var patience = new CancellationTokenSource(_farewell);
        try
        {
            await SendStatusAsync(wantsReply: false, patience.Token);
            await _session.SendAsync(Outgoing.CopyDone, patience.Token);
            var ended = DrainAsync(patience.Token);
            if (await Task.WhenAny(ended, Task.Delay(_courtesy, patience.Token)) != ended)
                await _session.CancelAsync(patience.Token);
            await ended;
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidDataException || ConnectError.Is(failure, CancellationToken.None))
        {
            // It is closed all the same, and the source notices that.
        }
    }

    async Task DrainAsync(CancellationToken ct)
    {
        while (true)
        {
            while (_session.Reader.TryRead(out var message))
            {
                if (message.Kind == 'Z')
                    return;
            }

            await _session.Reader.FillAsync(ct);
        }
    }
}

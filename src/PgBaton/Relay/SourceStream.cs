using System.Threading.Channels;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;

namespace PgBaton.Relay;

/// <summary>
/// Reads the slot and passes its messages on in blocks, so that reading and applying overlap within a bounded amount of memory.
/// </summary>
sealed class SourceStream : IAsyncDisposable
{
    const int Blocks = 128;

    /// <summary>
    /// While much comes: the source sends each change by itself, and a reader that takes each as soon as it is there costs the source more than decoding it.
    /// Left alone for a moment, its system sends many together.
    /// </summary>
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    readonly LogicalReplicationConnection _connection;
    readonly Channel<MessageBlock> _channel =
        Channel.CreateBounded<MessageBlock>(new BoundedChannelOptions(Blocks) { SingleReader = true, SingleWriter = true });

    readonly CancellationTokenSource _stop = new();
    readonly Task _reading;

    SourceStream(LogicalReplicationConnection connection, string slot, bool withMessages, Lsn from)
    {
        _connection = connection;
        _reading = ReadAsync(slot, withMessages, from);
    }

    /// <summary>Ends, with the failure if there was one, when the stream does.</summary>
    public ChannelReader<MessageBlock> Messages => _channel.Reader;

    public static async Task<SourceStream> OpenAsync(Direction direction, Lsn from, CancellationToken ct)
    {
        var connection = await direction.Publisher.OpenReplicationAsync("relay", ct);
        connection.WalReceiverStatusInterval = TimeSpan.FromSeconds(2);
        connection.WalReceiverTimeout = TimeSpan.FromSeconds(60);
        connection.SetReplicationStatus(from);
        return new SourceStream(connection, direction.SlotName, direction.Publisher.Version.HasLogicalMessages, from);
    }

    /// <summary>Everything before it is durable on the target: the source need not keep it.</summary>
    public void Acknowledge(Lsn lsn) => _connection.SetReplicationStatus(lsn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    async Task ReadAsync(string slot, bool withMessages, Lsn from)
    {
        Exception? failure = null;
        try
        {
            await PumpAsync(slot, withMessages, from);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it is, it reaches the one who reads the channel.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        _channel.Writer.Complete(failure);
    }

    async Task PumpAsync(string slot, bool withMessages, Lsn from)
    {
        List<KeyValuePair<string, string?>> options = [new("proto_version", "1"), new("publication_names", Postgres.Sql.Identifier(slot))];
        if (withMessages)
            options.Add(new("messages", "true"));
        var messages = _connection
            .StartLogicalReplication(new PgOutputReplicationSlot(slot), _stop.Token, from, options)
            .GetAsyncEnumerator(_stop.Token);
        await using var disposing = messages;
        var block = new MessageBlock();
        var flow = new Flow();
        while (true)
        {
#pragma warning disable CA2012 // Looked at once, then awaited once.
            var next = messages.MoveNextAsync();
#pragma warning restore CA2012
            if (!next.IsCompleted && !block.IsEmpty)
                block = await HandOverAsync(block, next); // Nothing more at the moment: what is here should not wait.
            if (!next.IsCompleted && flow.IsDense)
                await Task.Delay(_pause, CancellationToken.None);
            if (!await next)
                throw new NpgsqlException("the source ended the replication stream");
            flow.Count();
            await block.AppendAsync(messages.Current.Data, _stop.Token);
            if (block.IsFull)
                block = await HandOverAsync(block);
        }
    }

    async Task<MessageBlock> HandOverAsync(MessageBlock block, ValueTask<bool> next)
    {
        try
        {
            return await HandOverAsync(block);
        }
        catch (OperationCanceledException)
        {
            await next; // A connection cannot be closed while it is being read.
            throw;
        }
    }

    async Task<MessageBlock> HandOverAsync(MessageBlock block)
    {
        block.Close();
        await _channel.Writer.WriteAsync(block, _stop.Token);
        return new MessageBlock();
    }
}

/// <summary>Whether messages come so fast that somebody waits for the last of them, and not for each.</summary>
struct Flow()
{
    const int Messages = 500;
    const long Milliseconds = 100;

    long _since = Environment.TickCount64;
    int _count;

    /// <summary>Many came within a tenth of a second.</summary>
    public bool IsDense { get; private set; }

    public void Count()
    {
        _count++;
        var elapsed = Environment.TickCount64 - _since;
        if (_count >= Messages || elapsed >= Milliseconds)
        {
            IsDense = _count >= Messages && elapsed < Milliseconds;
            (_since, _count) = (Environment.TickCount64, 0);
        }
    }
}

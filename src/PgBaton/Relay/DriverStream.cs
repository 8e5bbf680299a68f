using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>The stream as Npgsql reads it: for Kerberos, and to compare with (<c>--wire npgsql</c>).</summary>
sealed class DriverStream : SourceStream
{
    readonly LogicalReplicationConnection _connection;
    readonly Direction _direction;
    readonly Lsn _from;

    DriverStream(LogicalReplicationConnection connection, Direction direction, Lsn from, Action spoolFilled) : base(spoolFilled)
        => (_connection, _direction, _from) = (connection, direction, from);

    public static async Task<DriverStream> OpenAsync(Direction direction, Lsn from, Action spoolFilled, CancellationToken ct)
    {
        var connection = await direction.Publisher.OpenReplicationAsync("relay", ct);
        connection.WalReceiverStatusInterval = StatusInterval;
        connection.WalReceiverTimeout = Patience;
        connection.SetReplicationStatus(from);
        return new DriverStream(connection, direction, from, spoolFilled);
    }

    public override void Acknowledge(Lsn lsn) => _connection.SetReplicationStatus(lsn);

    protected override ValueTask CloseAsync() => _connection.DisposeAsync();

    protected override async Task PumpAsync(CancellationToken ct)
    {
        var messages = _connection
            .StartLogicalReplication(new PgOutputReplicationSlot(_direction.SlotName), ct, _from, Options(_direction))
            .GetAsyncEnumerator(ct);
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
                await Task.Delay(Pause, CancellationToken.None);
            if (!await next)
                throw new NpgsqlException("the source ended the replication stream");
            flow.Count();
            block = await AppendAsync(block, messages.Current.Data, ct);
        }
    }

    // Returns the block that the next one goes to.
    async ValueTask<MessageBlock> AppendAsync(MessageBlock block, Stream message, CancellationToken ct)
    {
        if (message.Length > Spool.From)
        {
            if (!block.IsEmpty)
                block = await ClosedAsync(block);
            await HandOverLongAsync(checked((int)message.Length), message.ReadAsync, ct);
        }
        else
        {
            await block.AppendAsync(message, ct);
        }

        return block.IsFull ? await ClosedAsync(block) : block;
    }

    async Task<MessageBlock> HandOverAsync(MessageBlock block, ValueTask<bool> next)
    {
        try
        {
            return await ClosedAsync(block);
        }
        catch (OperationCanceledException)
        {
            await next; // A connection cannot be closed while it is being read.
            throw;
        }
    }

    async Task<MessageBlock> ClosedAsync(MessageBlock block)
    {
        block.Close();
        await HandOverAsync(block);
        return new MessageBlock();
    }
}

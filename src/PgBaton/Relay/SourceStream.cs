using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// Reads the slot and passes its messages on in blocks, so that reading and applying overlap within a bounded amount of memory.
/// </summary>
abstract class SourceStream : IAsyncDisposable
{
    const int Blocks = 128;

    /// <summary>
    /// While much comes: the source sends each change by itself, and a reader that takes each as soon as it is there costs the source more than decoding it.
    /// Left alone for a moment, its system sends many together.
    /// </summary>
    protected static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>How often the source is told what is durable.</summary>
    protected static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(2);

    /// <summary>A source that has said nothing for so long, though it was asked to, is given up.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Channel<MessageBlock> _channel =
        Channel.CreateBounded<MessageBlock>(new BoundedChannelOptions(Blocks) { SingleReader = true, SingleWriter = true });

    readonly CancellationTokenSource _stop = new();
    readonly Spool _spool;
    Task _reading = Task.CompletedTask;

    protected SourceStream(Action spoolFilled) => _spool = new Spool(Path.GetTempPath(), Spool.Quota, spoolFilled);

    /// <summary>Ends, with the failure if there was one, when the stream does.</summary>
    public ChannelReader<MessageBlock> Messages => _channel.Reader;

    /// <param name="direction">Whose slot.</param>
    /// <param name="wire">Which speaks the protocol. Where the source lets nobody in without Kerberos, the driver does.</param>
    /// <param name="from">Where it goes on: what commits before is not sent.</param>
    /// <param name="report">Is told when long messages fill their place on disk.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task<SourceStream> OpenAsync(Direction direction, StreamWire wire, Lsn from, Action<Warning> report, CancellationToken ct)
    {
        void SpoolFilled() => report(Errors.SpoolFilled(Spool.Quota));
        var own = await WireStream.TryOpenAsync(direction, wire, from, SpoolFilled, ct);
        var stream = own ?? (SourceStream)await DriverStream.OpenAsync(direction, from, SpoolFilled, ct);
        stream._reading = stream.ReadAsync(direction);
        return stream;
    }

    /// <summary>Everything before it is durable on the target: the source need not keep it.</summary>
    public abstract void Acknowledge(Lsn lsn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await CloseAsync();
        await LeaveSocketThreadAsync();
        _spool.Dispose();
        _stop.Dispose();
    }

    /// <summary>For pgoutput.</summary>
    protected static List<KeyValuePair<string, string?>> Options(Direction direction)
    {
        List<KeyValuePair<string, string?>> options = [new("proto_version", "1"), new("publication_names", Sql.Identifier(direction.SlotName))];
        if (direction.Publisher.Version.HasLogicalMessages)
            options.Add(new("messages", "true"));
        return options;
    }

    /// <summary>Reads until it is told to stop, or fails.</summary>
    protected abstract Task PumpAsync(CancellationToken ct);

    /// <summary>After it has been read for the last time.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>A message that is not here yet, by way of the disk.</summary>
    /// <inheritdoc cref="Spool.KeepAsync"/>
    protected async Task HandOverLongAsync(int length, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken ct)
    {
        var spooled = await _spool.KeepAsync(length, read, ct);
        await HandOverAsync(new MessageBlock(spooled.Memory));
    }

    protected ValueTask HandOverAsync(MessageBlock block) => _channel.Writer.WriteAsync(block, _stop.Token);

    /// <summary>For what may take its time, or is somebody else's: the thread in which a stream goes on is one that all sockets need (<see cref="Postgres.Wire.WireTransport.ContinueInPlace"/>).</summary>
    protected static YieldAwaitable LeaveSocketThreadAsync() => Task.Yield();

    async Task ReadAsync(Direction direction)
    {
        Exception? failure = null;
        try
        {
            await PumpAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            failure = Errors.PublicationMissing(direction.Publisher.Side, direction.SlotName); // The slot is there, or it would not have begun.
        }
#pragma warning disable CA1031 // Whatever it is, it reaches the one who reads the channel.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        await LeaveSocketThreadAsync();
        _channel.Writer.Complete(failure);
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

    public void Count(int messages = 1)
    {
        _count += messages;
        var elapsed = Environment.TickCount64 - _since;
        if (_count >= Messages || elapsed >= Milliseconds)
        {
            IsDense = _count >= Messages && elapsed < Milliseconds;
            (_since, _count) = (Environment.TickCount64, 0);
        }
    }
}

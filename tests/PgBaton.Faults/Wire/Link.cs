using System.Net.Sockets;
using System.Threading.Channels;

namespace PgBaton.Faults.Wire;

/// <summary>One connection through the proxy.</summary>
sealed class Link(FaultProxy proxy, Socket client, Socket server) : IDisposable
{
    readonly CancellationTokenSource _closed = new();
    readonly NetworkStream _client = new(client), _server = new(server);
    CommandReader _commands = new(proxy.Side, "");
    volatile bool _answersWithOneByte;
    volatile Trigger? _awaitsAnswer;
    Trigger? _withinRows;
    long _rowBytes;

    /// <summary>application_name, or what kind of connection it is.</summary>
    public string Session { get; private set; } = "";

    /// <summary>It speaks the replication protocol.</summary>
    public bool IsReplication { get; private set; }

    public bool IsClosed => _closed.IsCancellationRequested;

    /// <summary>Ends when either side has.</summary>
    public async Task RunAsync()
    {
        try
        {
            var (up, down) = (NewQueue(), NewQueue());
            Task[] readers = [CompletingAsync(up.Writer, UpAsync), CompletingAsync(down.Writer, DownAsync)];
            Task[] writers = [DeliverAsync(up.Reader, _server, Flow.ToServer), DeliverAsync(down.Reader, _client, Flow.ToClient)];
            var ended = await Task.WhenAny(writers); // What one side had sent before it ended still arrives.
            await proxy.Weather.PassAsync(this, ended == writers[0] ? Flow.ToServer : Flow.ToClient, _closed.Token); // So does that it ended.
            await CloseAsync();
            await Task.WhenAll([.. readers, .. writers]);
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException or ChannelClosedException)
        {
            // The ordinary end of a connection.
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Both sides see the connection end.</summary>
    public async Task CloseAsync()
    {
        if (!IsClosed)
            await _closed.CancelAsync();
        client.Dispose();
        server.Dispose();
    }

    /// <summary>Both sides get a reset.</summary>
    public Task ResetAsync()
    {
        client.LingerState = server.LingerState = new LingerOption(true, 0);
        return CloseAsync();
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        _client.Dispose();
        _server.Dispose();
        _closed.Dispose();
    }

    static Channel<(long Due, byte[] Bytes)> NewQueue()
        => Channel.CreateBounded<(long, byte[])>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });

    static async Task CompletingAsync(ChannelWriter<(long, byte[])> to, Func<ChannelWriter<(long, byte[])>, Task> read)
    {
        try
        {
            await read(to);
        }
        finally
        {
            to.TryComplete();
        }
    }

    async Task UpAsync(ChannelWriter<(long, byte[])> to)
    {
        var reader = new FrameReader(_client);
        for (var isFirst = true; await reader.NextAsync(isFirst, _closed.Token) is { } frame;)
        {
            if (isFirst)
                isFirst = !Greet(frame);
            else if (await BeforeAsync(frame))
                frame = CommandReader.Failing(frame);
            await SendAsync(to, frame.Bytes);
        }
    }

    // True when the real conversation begins.
    bool Greet(Frame frame)
    {
        if (frame.StartupCode != 196608)
        {
            _answersWithOneByte = frame.StartupCode is 80877103 or 80877104;
            return false;
        }

        var parameters = frame.StartupParameters;
        Session = parameters.GetValueOrDefault("application_name", "?");
        IsReplication = parameters.ContainsKey("replication");
        _commands = new CommandReader(proxy.Side, Session);
        return true;
    }

    // True: the server is to get a command that fails.
    async Task<bool> BeforeAsync(Frame frame)
    {
        if (frame.Kind == 'd' && _withinRows is { } within && (_rowBytes += frame.Bytes.Length) > within.Bytes)
        {
            _withinRows = null;
            await within.PullAsync(this);
        }

        if (_commands.Read(frame) is not { } command || proxy.Pulled(command) is not { } trigger)
            return false;
        if (trigger.Moment is Moment.Before or Moment.Instead)
            await trigger.PullAsync(this);
        else if (trigger.Moment == Moment.After)
            _awaitsAnswer = trigger;
        else
            (_withinRows, _rowBytes) = (trigger, 0);
        return trigger.Moment == Moment.Instead;
    }

    async Task DownAsync(ChannelWriter<(long, byte[])> to)
    {
        var reader = new FrameReader(_server);
        while (true)
        {
            // The answer to a wish for encryption comes before any message; until a start was sent the server says nothing else.
            if (Session.Length == 0)
            {
                if (await reader.ByteAsync(_closed.Token) is not { } answer)
                    break;
                if (_answersWithOneByte)
                {
                    _answersWithOneByte = false;
                    await SendAsync(to, answer);
                    continue;
                }

                reader.PutBack();
            }

            if (await reader.NextAsync(isFirst: false, _closed.Token) is not { } frame)
                break;
            if (_awaitsAnswer is { } trigger)
            {
                // Carried out: ready for the next command, or for rows.
                if (frame.Kind is 'Z' or 'G' or 'H' or 'W')
                {
                    _awaitsAnswer = null;
                    await trigger.PullAsync(this);
                }
            }

            await SendAsync(to, frame.Bytes);
        }
    }

    ValueTask SendAsync(ChannelWriter<(long, byte[])> to, ReadOnlyMemory<byte> bytes)
        => to.WriteAsync((Environment.TickCount64 + (long)proxy.Weather.Delay(this), bytes.ToArray()), _closed.Token);

    async Task DeliverAsync(ChannelReader<(long Due, byte[] Bytes)> from, NetworkStream to, Flow direction)
    {
        await foreach (var (due, bytes) in from.ReadAllAsync(_closed.Token))
        {
            if (due - Environment.TickCount64 is > 0 and var wait)
                await Task.Delay((int)wait, _closed.Token);
            await proxy.Weather.PassAsync(this, direction, _closed.Token);
            foreach (var segment in Segments(bytes))
            {
                var allowed = await proxy.AllowAsync(this, direction, segment.Length);
                await to.WriteAsync(segment[..allowed], _closed.Token);
                if (allowed < segment.Length)
                {
                    await ResetAsync();
                    return;
                }
            }
        }
    }

    IEnumerable<ReadOnlyMemory<byte>> Segments(byte[] bytes)
    {
        if (!proxy.Weather.OneByteSegments || !proxy.Weather.Where(this))
            return [bytes];
        return Enumerable.Range(0, bytes.Length).Select(i => new ReadOnlyMemory<byte>(bytes, i, 1));
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PgBaton.Faults.Wire;

/// <summary>
/// Stands between pgbaton and one server, and reads along: a command is a place where something may happen, so the product needs no hooks for
/// tests. What it does at random depends on the seed alone.
/// </summary>
sealed class FaultProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _serverPort;
    readonly Task _accepting;
    readonly ConcurrentDictionary<Link, Task> _links = [];
    readonly List<Trigger> _triggers = [];
    readonly ConcurrentQueue<Command> _seen = [];
    Cut? _cut;

    public FaultProxy(string side, int serverPort, int seed)
    {
        (Side, _serverPort, Weather) = (side, serverPort, new Weather(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Side { get; }

    public Weather Weather { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The connections of this moment.</summary>
    public IEnumerable<Link> Links => _links.Keys.Where(link => !link.IsClosed);

    /// <summary>All commands that came by.</summary>
    public IReadOnlyCollection<Command> Seen => _seen;

    /// <summary>Takes effect with the next command that matches.</summary>
    public Trigger Add(Trigger trigger)
    {
        lock (_triggers)
            _triggers.Add(trigger);
        return trigger;
    }

    /// <summary>When links of that kind have carried so many bytes in that direction, the one that did last is reset there, in the middle of a message if need be.</summary>
    public Task CutAfter(long bytes, Flow direction, Func<Link, bool> where)
    {
        var cut = _cut = new Cut(where, direction, bytes);
        return cut.Done.Task;
    }

    /// <summary>Resets every connection that matches; returns how many there were.</summary>
    public async Task<int> ResetAsync(Func<Link, bool> where)
    {
        var links = Links.Where(where).ToList();
        foreach (var link in links)
            await link.ResetAsync();
        return links.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        Weather.EndBlackHole();
        foreach (var (link, running) in _links)
        {
            await link.CloseAsync();
            await running;
            link.Dispose();
        }
    }

    /// <summary>The trigger whose moment has come.</summary>
    internal Trigger? Pulled(Command command)
    {
        _seen.Enqueue(command);
        lock (_triggers)
        {
            var trigger = _triggers.Find(trigger => trigger.IsPulledBy(command));
            if (trigger is not null)
                _triggers.Remove(trigger);
            return trigger;
        }
    }

    /// <summary>How many of these bytes may pass now.</summary>
    internal async ValueTask<int> AllowAsync(Link link, Flow direction, int count)
    {
        if (Weather.BytesPerSecond > 0 && Weather.Where(link))
            await Task.Delay(TimeSpan.FromSeconds((double)count / Weather.BytesPerSecond));
        return _cut is { } cut && cut.Flow == direction && cut.Where(link) ? cut.Take(count) : count;
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
        }
        catch (SocketException)
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose(); // As near to a refusal as a connection that was accepted can come.
            return;
        }

        client.NoDelay = server.NoDelay = true;
        var link = new Link(this, client, server);
        var running = link.RunAsync();
        _links[link] = running;
        await running;
    }

    sealed class Cut(Func<Link, bool> where, Flow direction, long bytes)
    {
        long _left = bytes;

        public Func<Link, bool> Where => where;

        public Flow Flow => direction;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Take(int count)
        {
            lock (Done)
            {
                if (Done.Task.IsCompleted)
                    return count;
                if ((_left -= count) > 0)
                    return count;
                Done.TrySetResult();
                return (int)Math.Max(0, count + _left);
            }
        }
    }
}

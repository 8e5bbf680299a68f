using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace PgBaton.Faults.Application;

/// <summary>
/// A strict client of the source: it reads and writes ten times a second, forgives no error, and notes how long each took. The same work on a
/// database of that server that pgbaton knows nothing of tells a stall of ours from one of the machine.
/// </summary>
sealed class Probe : IAsyncDisposable
{
    static readonly TimeSpan _stall = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _stop = new();
    bool _isStopped;
    readonly ConcurrentQueue<Span> _excused = [];
    readonly List<(Span Span, string What)> _reading = [], _writing = [], _elsewhere = [];
    readonly Task[] _running;

    public Probe(TestDatabase source, TestDatabase elsewhere)
    {
        _running =
        [
            Task.Run(() => RunAsync(source, "SELECT sum(n) FROM probe", _reading)),
            Task.Run(() => RunAsync(source, "UPDATE probe SET n = n + 1", _writing)),
            Task.Run(() => RunAsync(elsewhere, "UPDATE probe SET n = n + 1", _elsewhere)),
        ];
    }

    /// <summary>Commands that went through.</summary>
    public int Count => _count;

    /// <summary>The longest that a command took outside of what is excused.</summary>
    public TimeSpan Longest { get; private set; }

    int _count;

    /// <summary>From now until the returned object is disposed, writers may wait and sessions may end: that was announced.</summary>
    public Excuse Announce()
    {
        var excuse = new Excuse();
        _excused.Enqueue(excuse.Span);
        return excuse;
    }

    /// <summary>Ends the clients and says what they had to suffer.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await DisposeAsync();
        return
        [
            .. from row in _reading.Concat(_writing)
               where !_excused.Any(row.Span.Overlaps)
               where row.What.Length > 0 || (row.Span.Length >= _stall && !_elsewhere.Exists(other => other.Span.Overlaps(row.Span) && other.Span.Length >= _stall / 4))
               select $"the application {(row.What.Length > 0 ? $"met an error: {row.What}" : $"waited {row.Span.Length.TotalSeconds:0.0} s")}",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    async Task RunAsync(TestDatabase database, string sql, List<(Span, string)> log)
    {
        var wrote = new Span();
        var idle = new Span(); // Since the last answer: a session that was ended meanwhile tells so only when it is asked again.
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAsync();
                while (!_stop.IsCancellationRequested)
                {
                    var span = new Span();
                    await using var command = new NpgsqlCommand(sql, connection);
                    await command.ExecuteNonQueryAsync();
                    Keep(log, span, "");
                    (wrote, idle) = (span, new Span());
                    await Task.Delay(100);
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException)
            {
                if ((failure as PostgresException)?.SqlState == "25006")
                {
                    _excused.Enqueue(wrote.Since()); // The target is the writer: the sessions that are left here are ended, by every engine that comes.
                    return;
                }

                Keep(log, idle, failure.Message);
                idle = new Span();
                await Task.Delay(50);
            }
        }
    }

    // The many that were quick only count.
    void Keep(List<(Span, string)> log, Span span, string what)
    {
        span.End();
        Interlocked.Increment(ref _count);
        if (what.Length > 0 || span.Length > _stall / 4)
            log.Add((span, what));
        if (log != _elsewhere && what.Length == 0 && span.Length > Longest && !_excused.Any(span.Overlaps))
            Longest = span.Length;
    }

    /// <summary>A time; open until it is ended.</summary>
    internal sealed class Span
    {
        readonly long _start;
        long _end = long.MaxValue;

        public Span() => _start = Stopwatch.GetTimestamp();

        Span(long start) => _start = start;

        public TimeSpan Length => Stopwatch.GetElapsedTime(_start, _end);

        public void End() => _end = Stopwatch.GetTimestamp();

        /// <summary>From its end for ever.</summary>
        public Span Since() => new(_end + 1);

        public bool Overlaps(Span other) => _start <= other._end && other._start <= _end;
    }

    /// <summary>The time in which the application was told to expect something.</summary>
    internal sealed class Excuse : IDisposable
    {
        internal Span Span { get; } = new();

        public void Dispose() => Span.End();
    }
}

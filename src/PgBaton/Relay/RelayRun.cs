using System.Collections.Concurrent;

namespace PgBaton.Relay;

/// <summary>The running stream of changes from the source's slot to the target.</summary>
sealed class RelayRun : IAsyncDisposable
{
    readonly Direction _direction;
    readonly SourceStream _stream;
    readonly TargetWriter _writer;
    readonly Incoming _incoming;
    readonly Applier _applier;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource<MarkerPassed>> _markers = new();
    readonly SemaphoreSlim _wake = new(0);
    Hold? _hold;

    RelayRun(Direction direction, SourceStream stream, TargetWriter writer, Relations relations, TouchedRows touched, Lsn from, DateTime? committedAt, bool isSingly)
    {
        Touched = touched;
        (_direction, _stream, _writer, AppliedLsn, CommittedAt) = (direction, stream, writer, from, committedAt);
        _incoming = new Incoming(stream.Messages);
        _applier = new Applier(_incoming, writer, relations, touched) { Committed = Committed, IsSingly = isSingly };
        Completion = RunAsync(_stop.Token);
    }

    /// <summary>Ends only with a failure, or when disposed.</summary>
    public Task Completion { get; }

    /// <summary>End of the last commit of the source that is on the target.</summary>
    public Lsn AppliedLsn { get; private set; }

    /// <summary>When that commit was made, by the source's clock; null before the first of the migration.</summary>
    public DateTime? CommittedAt { get; private set; }

    /// <summary>What it has written that was not compared since.</summary>
    public TouchedRows Touched { get; }

    public long TransactionCount => _applier.TransactionCount;

    public long ChangeCount => _applier.ChangeCount;

    public long BatchCount => _applier.BatchCount;

    /// <inheritdoc cref="TargetWriter.OrderedCount"/>
    public long OrderedCount => _writer.OrderedCount;

    /// <summary>Connects at the LSN the journal holds and begins to apply.</summary>
    /// <param name="migration">Whose relay it is; no other may run.</param>
    /// <param name="ct">Ends the attempt to connect.</param>
    /// <param name="isSingly">As <see cref="Applier.IsSingly"/>; slow.</param>
    public static async Task<RelayRun> StartAsync(Migration migration, CancellationToken ct, bool isSingly = false)
    {
        var (from, committedAt) = await RelaySlot.CheckAsync(migration, ct);
        var touched = await TouchedRows.LoadAsync(migration, from, ct);
        var writer = await TargetWriter.OpenAsync(migration, touched, ct);
        try
        {
            await writer.EndFormerAsync(ct);
            var relations = await Relations.LoadAsync(migration, ct);
            var direction = migration.Direction;
            var stream = await SourceStream.OpenAsync(direction, migration.Options.Wire, from, migration.Report, ct);
            return new RelayRun(direction, stream, writer, relations, touched, from, committedAt, isSingly);
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Writes a marker on the source and returns once everything up to it is on the target: all that the source had committed before the call.
    /// </summary>
    public async Task<MarkerPassed> PassMarkerAsync(CancellationToken ct)
    {
        var content = Marker.NewContent();
        var passed = _markers[content] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await using (var source = await _direction.Publisher.OpenAsync("marker", ct))
                await Marker.WriteAsync(source, content, ct);
            if (await Task.WhenAny(passed.Task, Completion).WaitAsync(ct) == Completion)
                await Completion;
            return await passed.Task;
        }
        finally
        {
            _markers.TryRemove(content, out _);
        }
    }

    /// <summary>Stops applying at a commit boundary of the source, until the hold is disposed. Reading goes on as far as buffers allow.</summary>
    public async Task<RelayHold> HoldAsync(CancellationToken ct)
    {
        var hold = new Hold();
        _hold = hold;
        _wake.Release();
        if (await Task.WhenAny(hold.Reached.Task, Completion).WaitAsync(ct) == Completion)
            await Completion;
        return new RelayHold(this, hold);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.EndAsync(Completion);
        await _stream.DisposeAsync();
        _stop.Dispose();
        _wake.Dispose();
    }

    /// <summary>Only while held: the applier is at rest, so this may run it up to where the snapshot ends.</summary>
    internal async Task<bool> AdvanceAsync(TransactionSnapshot snapshot, string marker, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        if (await Prefix.CountAsync(_incoming, snapshot, marker, _applier.MarkerTable, either.Token) is not { } count)
            return false;
        var end = _applier.TransactionCount + count;
        await _applier.RunAsync(() => _applier.TransactionCount >= end, IdleAsync, either.Token);
        return true;
    }

    async Task RunAsync(CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await _applier.RunAsync(() => _hold is not null, IdleAsync, ct);
                var hold = _hold!;
                hold.Reached.SetResult();
                await hold.Released.Task.WaitAsync(ct);
                Interlocked.CompareExchange(ref _hold, null, hold); // The next one may have been asked for already.
            }
        }
        finally
        {
            await _writer.DisposeAsync(); // At once: what it has open holds locks, and whoever looks for the reason would wait for them.
        }
    }

    // Something came, or somebody wants a hold.
    async Task IdleAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waiting = _incoming.WaitAsync(either.Token);
        var woken = _wake.WaitAsync(either.Token);
        var first = await Task.WhenAny(waiting, woken);
        await either.EndAsync(first == waiting ? woken : waiting);
        await first;
    }

    void Committed(Position position, IReadOnlyList<MarkerPassed> markers)
    {
        (AppliedLsn, CommittedAt) = (position.EndLsn, position.CommittedAt);
        _stream.Acknowledge(position.EndLsn);
        foreach (var marker in markers)
        {
            if (_markers.TryGetValue(marker.Content, out var passed))
                passed.TrySetResult(marker);
        }
    }
}

/// <summary>Somebody wants the relay to stand still for a while.</summary>
sealed class Hold
{
    /// <summary>It stands.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It may go on.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

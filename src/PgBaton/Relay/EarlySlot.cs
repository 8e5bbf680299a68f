using PgBaton.Postgres;

namespace PgBaton.Relay;

/// <summary>
/// The slot of the other way, made before the fence and read from its first moment on, so that nothing is left to decode when that way starts.
/// Applies nothing: until then, whatever changes rows on that side is our own relay, whose transactions carry its progress. Anybody else has
/// written around the gate.
/// </summary>
sealed class EarlySlot : IAsyncDisposable
{
    readonly Direction _direction;
    readonly SourceStream _stream;
    readonly Incoming _incoming;
    readonly CancellationTokenSource _stop = new();
    readonly Task _reading;
    readonly Dictionary<uint, string> _tables = [];
    readonly HashSet<string> _passed = [];
    readonly SemaphoreSlim _moved = new(0);
    uint _progress, _markerTable;
    SourceTransaction _transaction = new(default, default, 0);
    string? _changed, _marker;
    bool _isOurs, _hasStarted, _isDisposed;
    Lsn _end;

    EarlySlot(Direction direction, SourceStream stream)
    {
        (_direction, _stream, _incoming) = (direction, stream, new Incoming(stream.Messages));
        _reading = ReadAsync(_stop.Token);
    }

    /// <summary>Makes the slot, and reads it until a marker shows that there is nothing more to read.</summary>
    /// <exception cref="MigrationException">PB0401, PB0508, PB0717.</exception>
    public static async Task<EarlySlot> OpenAsync(Migration migration, CancellationToken ct)
    {
        var from = await CreateSlot.MakeOppositeAsync(migration, ct);
        var direction = migration.Direction.Opposite;
        var early = new EarlySlot(direction, await SourceStream.OpenAsync(direction, migration.Options.Wire, from, migration.Report, ct));
        try
        {
            await early.PassMarkerAsync(ct);
            return early;
        }
        catch
        {
            await early.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The way starts here: what commits on its publisher from now on is to be applied, nothing before. Kept where its rows go, and only then
    /// acknowledged. Returns R.
    /// </summary>
    /// <exception cref="MigrationException">PB0205, PB0717.</exception>
    public async Task<Lsn> StartAsync(long epoch, CancellationToken ct)
    {
        _hasStarted = true; // No further acknowledgement: the slot must not get ahead of what is kept.
        var start = await PassMarkerAsync(ct);
        await using var subscriber = await _direction.Subscriber.OpenAsync("reverse", ct);
        await subscriber.ExecuteAsync("SET synchronous_commit = on", ct);
        if (await subscriber.ExecuteAsync(
                "UPDATE pgbaton.progress SET lsn = $1, committed_at = now(), transactions = 0, changes = 0 WHERE epoch = $2", ct,
                start, epoch) != 1)
        {
            throw Errors.TakenOver(epoch);
        }

        _stream.Acknowledge(start);
        return start;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _stop.EndAsync(_reading);
        await _stream.DisposeAsync();
        _stop.Dispose();
        _moved.Dispose();
    }

    // Returns where the marker's transaction ends.
    async Task<Lsn> PassMarkerAsync(CancellationToken ct)
    {
        var content = Marker.NewContent();
        await using (var publisher = await _direction.Publisher.OpenAsync("marker", ct))
            await Marker.WriteAsync(publisher, content, ct);
        while (true)
        {
            var moved = _moved.WaitAsync(ct);
            if (await Task.WhenAny(moved, _reading) == _reading)
                await _reading;
            await moved;
            lock (_passed)
            {
                if (_passed.Contains(content))
                    return _end;
            }
        }
    }

    async Task ReadAsync(CancellationToken ct)
    {
        await Task.Yield();
        while (true)
        {
            if (_incoming.TryNext(out var message))
                See(message.Span);
            else
                await _incoming.WaitAsync(ct);
        }
    }

    void See(ReadOnlySpan<byte> message)
    {
        if (Marker.Read(message, ref _markerTable) is { } marker)
        {
            _marker = marker;
            return;
        }

        var reader = new MessageReader(message);
        switch ((char)reader.Byte())
        {
            case 'B':
                _transaction = SourceTransaction.Read(ref reader);
                (_changed, _marker, _isOurs) = (null, null, false);
                break;
            case 'R':
                var relation = StreamedRelation.Read(ref reader);
                _tables[relation.Oid] = Sql.Identifier(relation.Schema, relation.Name);
                _progress = Relations.IsProgress(relation) ? relation.Oid : _progress;
                break;
            case 'I' or 'U' or 'D':
                SeeChange(reader.Oid());
                break;
            case 'T':
                var count = reader.Int32();
                reader.Skip(1);
                for (var i = 0; i < count; i++)
                    SeeChange(reader.Oid());
                break;
            case 'C':
                reader.Skip(1 + sizeof(long));
                SeeCommit(reader.Lsn());
                break;
        }
    }

    void SeeChange(uint table)
    {
        if (table == _progress)
            _isOurs = true;
        else
            _changed = _tables.GetValueOrDefault(table);
    }

    void SeeCommit(Lsn end)
    {
        if (_changed is not null && !_isOurs)
            throw Errors.WrittenAroundGate(_direction.Publisher.Side, _changed, _transaction.CommitLsn, _transaction.Xid);
        if (!_hasStarted)
            _stream.Acknowledge(end);
        if (_marker is null)
            return;
        lock (_passed)
        {
            _passed.Add(_marker);
            _end = end;
        }

        _moved.Release();
    }
}

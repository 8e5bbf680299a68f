using Npgsql;
using PgBaton.Catalog;
using PgBaton.Copy;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Sequences;

namespace PgBaton.Cutover;

/// <summary>
/// The publisher's gate, closed: a session that holds the gate's lock exclusively. While it lives, writers wait; when it ends, for whatever reason,
/// they go on. The decision can only be made in this very session. It lives at most as long as the downtime budget: the server itself ends it
/// if this process sleeps.
/// </summary>
sealed class Fence : IAsyncDisposable
{
    // How long the publisher may take to confirm the decision, once it has been asked.
    static readonly TimeSpan _confirmation = TimeSpan.FromSeconds(10);

    readonly Migration _migration;
    readonly NpgsqlConnection _session;
    readonly Func<CancellationToken, Task<MarkerPassed>> _passMarker;
    readonly TimeSpan _budget;
    readonly CancellationTokenSource _expired;
    readonly long _asked;
    MarkerPassed? _marker;
    bool _largeObjectsStandStill;
    TableShapes? _shapes;
    (Definitions Publisher, Definitions? Subscriber)? _definitions;
    TimeSpan? _lifted;

    Fence(Migration migration, NpgsqlConnection session, Func<CancellationToken, Task<MarkerPassed>> passMarker, long asked, TimeSpan budget)
    {
        (_migration, _session, _passMarker, _asked, _budget) = (migration, session, passMarker, asked, budget);
        _expired = new CancellationTokenSource(Left, migration.Time);
    }

    /// <summary>Since the fence was asked for, until it was lifted: the downtime so far.</summary>
    public TimeSpan Elapsed => _lifted ?? _migration.Time.GetElapsedTime(_asked);

    /// <summary>The publisher was asked to decide: only it knows what became of that.</summary>
    public bool MayBeDecided { get; private set; }

    /// <summary>Read since before the fence; null where the way back is given up.</summary>
    public EarlySlot? Early { get; private set; }

    /// <summary>Opened before it.</summary>
    required public FenceSessions Sessions { private get; init; }

    /// <summary>Where the subscriber's sequences stand already.</summary>
    public IReadOnlyCollection<SequenceState> Sequences { get; set; } = [];

    /// <summary>Waits for the writes in flight and keeps every later one waiting. The gate must be armed.</summary>
    /// <param name="migration">Whose writers.</param>
    /// <param name="asked">When writers began to wait: the budget counts from there.</param>
    /// <param name="budget">For the whole downtime.</param>
    /// <param name="passMarker">Through the relay.</param>
    /// <param name="early">Of the other way. The fence's own from now on.</param>
    /// <param name="sessions">Those that are ready. The fence's own from now on.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="MigrationException">PB0703, PB0708.</exception>
    public static async Task<Fence> CloseAsync(
        Migration migration, long asked, TimeSpan budget, Func<CancellationToken, Task<MarkerPassed>> passMarker, EarlySlot? early, FenceSessions sessions,
        CancellationToken ct)
    {
        var session = await migration.Direction.Publisher.OpenAsync("fence", ct);
        var fence = new Fence(migration, session, passMarker, asked, budget) { Early = early, Sessions = sessions };
        try
        {
            await fence.CloseAsync(ct);
            return fence;
        }
        catch
        {
            await fence.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a piece of the cutover; when the downtime budget is used up, it is broken off. If it fails, the fence is lifted on the spot.</summary>
    /// <exception cref="MigrationException">PB0703, PB0707.</exception>
    public async Task WithinBudgetAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, _expired.Token);
        try
        {
            await _session.ExecuteAsync(Limit, limited.Token);
            await work(limited.Token);
        }
        catch (Exception failure)
        {
            var isOver = _session.State != System.Data.ConnectionState.Open;
            await LiftAsync(); // Before anything else: writers wait for it.
            if (failure is OperationCanceledException && _expired.IsCancellationRequested && !ct.IsCancellationRequested)
                throw Errors.DowntimeExceeded(Direction, _budget, "the last changes, the sequences and the decision did not get through in time");
            if (failure is NpgsqlException && isOver)
                throw Errors.FenceLost(Direction, failure);
            throw;
        }
    }

    /// <summary>Ends the session, and the fence with it. What was decided in it stays.</summary>
    public async ValueTask LiftAsync()
    {
        if (_lifted is not null)
            return;
        await _session.DisposeAsync();
        _lifted = _migration.Time.GetElapsedTime(_asked);
    }

    /// <summary>Proves that the subscriber has every change: a marker written now was applied. Returns its commit LSN.</summary>
    /// <param name="expected">As the tables were when they were last compared with the subscriber's.</param>
    /// <param name="publisher">As everything was then.</param>
    /// <param name="subscriber">Likewise on the other side; null where that does not count.</param>
    /// <param name="ct">Breaks it off.</param>
    /// <exception cref="MigrationException">PB0713: DDL came between.</exception>
    public async Task<Lsn> DrainAsync(TableShapes expected, Definitions publisher, Definitions? subscriber, CancellationToken ct)
    {
        _definitions = (publisher, subscriber);
        _shapes = await TableShapes.ReadAsync(_session, _migration.Options, ct);
        _shapes.MustBeGatedAndHaveColumnsOf(expected);
        (await Definitions.ReadAsync(_session, ct)).MustEqual(publisher, Direction.Publisher.Side);
        _marker = await _passMarker(ct);
        return _marker.CommitLsn;
    }

    /// <summary>
    /// No trigger stops who writes a large object: other sessions are ended, and where our role may lock the catalog, nobody writes one until the
    /// decision. Then those of the subscriber are brought level.
    /// </summary>
    /// <exception cref="MigrationException">PB0410 to PB0413.</exception>
    public async Task SettleLargeObjectsAsync(CancellationToken ct)
    {
        if (!MovesLargeObjects)
            return;
        if ((await LargeObject.ListAsync(_session, ct)).Count > 0)
        {
            await OtherSessions.EndAsync(_migration, isAgain: false, ct);
            _largeObjectsStandStill = await TryLockLargeObjectsAsync(ct);
        }

        await LargeObjects.SyncAsync(_migration, _session, ct); // In this session: even who only reads one locks the catalog as a writer does.
    }

    /// <summary>
    /// The last things before the decision: nobody is connected any more, sequences stand still and are carried over, and nothing was changed
    /// since the marker.
    /// </summary>
    /// <exception cref="MigrationException">PB0527, PB0709 to PB0713.</exception>
    public async Task SealAsync(CancellationToken ct)
    {
        await OtherSessions.EndAsync(_migration, isAgain: false, ct);
        await CopyConfiguration.RunAsync(_migration, _session, ct);
        if (MovesLargeObjects && !_largeObjectsStandStill)
            await LargeObjects.SyncAsync(_migration, _session, ct);
        await HeldSequences.HoldAsync(_session, await Sequence.ListAsync(_session, new Scope(_migration.Options), ct), ct);
        await SetSequences.CarryOverAsync(_migration, Sequences, ct);
        var marker = await _passMarker(ct);
        if (marker.ChangesBefore != _marker!.ChangesBefore)
            throw Errors.FenceLeaked(Direction.Publisher.Side, marker.ChangesBefore - _marker.ChangesBefore);
        (await TableShapes.ReadAsync(_session, _migration.Options, ct)).MustEqual(_shapes!);
        (await Definitions.ReadAsync(_session, ct)).MustEqual(_definitions!.Value.Publisher, Direction.Publisher.Side);
        if (_definitions.Value.Subscriber is { } there)
            (await Definitions.ReadAsync(Direction.Subscriber, ct)).MustEqual(there, Direction.Subscriber.Side);
        if (Lane.Of(_migration.Options).Follows)
            await PublishedTables.MustBeWholeAsync(_migration, _session, ct);
    }

    /// <summary>The point of no return: the publisher's gate is closed for good, in the session that holds the fence, if it is still its fence.</summary>
    /// <exception cref="MigrationException">PB0708, PB0714.</exception>
    public async Task DecideAsync(CancellationToken ct)
    {
        await HeldSequences.ReleaseAsync(_session, ct);
        await _session.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        await ReadOnlyDefault.SetAsync(_session, _migration, Direction.Publisher, ct);
        await _session.ExecuteAsync(GateSql.GateClosed, ct);
        var (message, hint) = GateRow.Moved(Direction, _migration.Options);
        if (await _session.ExecuteAsync(
                "UPDATE pgbaton.gate SET is_closed = true, message = $3, hint = $4 WHERE migration = $1 AND epoch = $2 AND NOT is_closed", ct,
                _migration.Journal.Name, _migration.Journal.Epoch, message, hint) != 1)
        {
            throw Errors.FenceTaken(Direction.Publisher.Side);
        }

        // From here nobody's impatience may leave it open whether it happened.
        ct.ThrowIfCancellationRequested();
        MayBeDecided = true;
        try
        {
            await _session.ExecuteAsync("COMMIT", CancellationToken.None).WaitAsync(_confirmation, _migration.Time, CancellationToken.None);
        }
        catch (Exception failure) when (failure is TimeoutException or NpgsqlException)
        {
            throw Errors.DecisionUnconfirmed(Direction.Publisher.Side, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LiftAsync(); // First: writers wait for it.
        _expired.Dispose();
        await Sessions.DisposeAsync();
        if (Early is not null)
            await Early.DisposeAsync();
    }

    Direction Direction => _migration.Direction;

    // Not younger ones beside rows that are as old as the copy.
    bool MovesLargeObjects => LargeObject.AreMoved(_migration.Options) && !Lane.Of(_migration.Options).LosesWrites;

    TimeSpan Left => _budget - Elapsed > TimeSpan.Zero ? _budget - Elapsed : TimeSpan.FromMilliseconds(1);

    async Task<bool> TryLockLargeObjectsAsync(CancellationToken ct)
    {
        await _session.ExecuteAsync("SAVEPOINT large_objects", ct);
        try
        {
            await _session.ExecuteAsync("LOCK TABLE pg_catalog.pg_largeobject, pg_catalog.pg_largeobject_metadata IN SHARE MODE", ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.LockNotAvailable)
        {
            await _session.ExecuteAsync("ROLLBACK TO SAVEPOINT large_objects", ct);
            return false;
        }
    }

    // The session is always in a transaction: unlike idle_session_timeout, every version can put an end to idling there. A server that has got
    // half of a command does not idle: from 17 on it has a limit for the transaction, before that only the keepalives.
    // One statement: a server has all of it or nothing.
    string Limit => $"SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', '{Left.TotalMilliseconds:0}', true)"
        + (Direction.Publisher.Version.HasTransactionTimeout
            ? $", pg_catalog.set_config('transaction_timeout', '{(Left + _confirmation).TotalMilliseconds:0}', true)" : "");

    const string Keepalives = "SET LOCAL tcp_keepalives_idle = 1; SET LOCAL tcp_keepalives_interval = 1; SET LOCAL tcp_keepalives_count = 3";

    async Task CloseAsync(CancellationToken ct)
    {
        if (await _session.ExecuteAsync(
                "UPDATE pgbaton.gate SET epoch = $2 WHERE migration = $1 AND NOT is_closed", ct,
                _migration.Journal.Name, _migration.Journal.Epoch) != 1)
        {
            throw Errors.FenceTaken(Direction.Publisher.Side);
        }

        await _session.ExecuteAsync($"BEGIN; {Limit}; {Keepalives}; SET LOCAL lock_timeout = {Left.TotalMilliseconds:0}", ct);
        await GateLock.WatchClientAsync(_session, ct);
        try
        {
            await _session.ExecuteAsync($"SELECT pg_catalog.pg_advisory_lock({GateSql.Lock})", ct);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await _session.ExecuteAsync("ROLLBACK", ct);
            throw Errors.DowntimeExceeded(Direction, _budget, await GateLock.DescribeWritersAsync(_session, ct));
        }

        await _session.ExecuteAsync("SET LOCAL lock_timeout = '1s'", ct);
    }
}

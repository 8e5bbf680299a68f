using Npgsql;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Subscription;

/// <summary>The servers' own replication, looked at from both sides. Fails when the subscription has stopped.</summary>
sealed class ServersCarrier : ICarrier
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    // A worker that has lost its connection tries again every 5 s.
    static readonly TimeSpan _silence = TimeSpan.FromSeconds(60);

    readonly Migration _migration;
    readonly NpgsqlConnection _publisher, _subscriber;
    readonly SemaphoreSlim _turn = new(1);
    (long Count, Lsn Acknowledged)? _errors;

    ServersCarrier(Migration migration, NpgsqlConnection publisher, NpgsqlConnection subscriber)
        => (_migration, _publisher, _subscriber) = (migration, publisher, subscriber);

    public static async Task<ServersCarrier> OpenAsync(Migration migration, CancellationToken ct)
    {
        var publisher = await migration.Direction.Publisher.OpenAsync("subscription", ct);
        try
        {
            return new ServersCarrier(migration, publisher, await migration.Direction.Subscriber.OpenAsync("subscription", ct));
        }
        catch
        {
            await publisher.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="MigrationException">PB0524, PB0525.</exception>
    public async Task PassMarkerAsync(CancellationToken ct)
    {
        var content = Marker.NewContent();
        await InTurnAsync(() => Marker.WriteRowAsync(_publisher, content, ct), ct);
        var (started, isTold) = (_migration.Time.GetTimestamp(), false);
        while (!await ArrivedAsync(content, ct))
        {
            if (!isTold && _migration.Time.GetElapsedTime(started) > _silence)
            {
                _migration.Report(Errors.SubscriptionSilent(_migration.Direction.Subscriber.Side, _migration.Direction.SlotName, (int)_silence.TotalSeconds));
                isTold = true;
            }

            await Task.Delay(_interval, _migration.Time, ct);
        }
    }

    /// <exception cref="MigrationException">PB0524, PB0525.</exception>
    public async Task<LagMeasured> MeasureAsync(CancellationToken ct)
    {
        var (direction, lag) = (_migration.Direction, default(LagMeasured));
        await InTurnAsync(
            async () =>
            {
                var applied = await MustRunAsync(ct);
                var written = await _publisher.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct);
                // What is under way, whatever its bytes: since the newest message of the publisher that the worker has answered.
                var seconds = await _subscriber.QueryFirstAsync(
                    "SELECT extract(epoch FROM pg_catalog.clock_timestamp() - latest_end_time)::float8 FROM pg_catalog.pg_stat_subscription WHERE subname = $1 AND relid IS NULL",
                    row => row.GetNullable<double?>(0), ct, direction.SlotName);
                lag = new LagMeasured(Math.Max(0, (long)(ulong)written - (long)(ulong)applied), applied >= written ? 0 : Math.Max(0, seconds ?? 0), applied.ToString(), 0, 0, 0);
            },
            ct);
        return lag!;
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _subscriber.DisposeAsync();
        _turn.Dispose();
    }

    async Task<bool> ArrivedAsync(string content, CancellationToken ct)
    {
        var hasArrived = false;
        await InTurnAsync(
            async () =>
            {
                hasArrived = await Marker.HasArrivedAsync(_subscriber, content, ct);
                if (!hasArrived)
                    await MustRunAsync(ct);
            },
            ct);
        return hasArrived;
    }

    // An error may pass, such as a slot whose former reader is not gone yet. One that comes four times before anything more was applied does not. Returns what the worker has acknowledged.
    async Task<Lsn> MustRunAsync(CancellationToken ct)
    {
        var (name, side) = (_migration.Direction.SlotName, _migration.Direction.Subscriber.Side);
        var subscription = await LogicalSubscription.FindAsync(_subscriber, name, ct) ?? throw Errors.SubscriptionGone(name);
        var acknowledged = (await ReplicationSlot.FindAsync(_publisher, name, ct))?.ConfirmedFlushLsn ?? default;
        if (!subscription.IsEnabled)
            throw Errors.SubscriptionStopped(side, name);
        if (_errors is not { } seen || acknowledged > seen.Acknowledged)
            _errors = (subscription.ErrorCount, acknowledged);
        else if (subscription.ErrorCount >= seen.Count + 4)
            throw Errors.SubscriptionStopped(side, name);
        return acknowledged;
    }

    // The heart measures while it waits for its beat, over the same two sessions.
    async Task InTurnAsync(Func<Task> work, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}

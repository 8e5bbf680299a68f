using System.Globalization;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton;

/// <summary>
/// Looks at our slot every ten seconds, and up to ten times as often where it fills fast, whatever step is run: it keeps WAL on a server that is in
/// use. Warns before the slot is lost or the limit of <c>--max-slot-wal</c> is reached, keeps what a forecast needs, and gives the slot up at that
/// limit, before the source's disk is full.
/// </summary>
sealed class SlotWatch : IAsyncDisposable
{
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);
    static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

    /// <summary>Samples older than this say nothing about the present rate.</summary>
    static readonly TimeSpan _memory = TimeSpan.FromMinutes(5);

    // Of what may be kept. At each the operator is told once, until it has fallen to half of that again.
    static readonly double[] _alarms = [0.5, 0.8, 0.95];

    readonly Migration _migration;
    readonly CancellationTokenSource _stop = new();
    readonly Queue<(Lsn Written, Lsn Acknowledged, long At)> _samples = new();
    readonly long? _limit;
    Task _watching = Task.CompletedTask;
    double _told;
    int _looks;

    SlotWatch(Migration migration, long? limit) => (_migration, _limit) = (migration, limit);

    /// <summary>How long it waits before it looks again.</summary>
    internal TimeSpan Next { get; private set; } = _interval;

    /// <summary>With the limit that was given last, to this process or to another.</summary>
    public static async Task<SlotWatch> OpenAsync(Migration migration, CancellationToken ct)
    {
        if (migration.Options.MaxSlotWal is { } given)
            await migration.Journal.SetFactAsync(Fact.MaxSlotWal, given.ToString(CultureInfo.InvariantCulture), ct);
        var recorded = await migration.Journal.GetFactAsync(Fact.MaxSlotWal, ct);
        return new SlotWatch(migration, long.TryParse(recorded, CultureInfo.InvariantCulture, out var limit) ? limit : null);
    }

    /// <summary>Looks until it is disposed.</summary>
    public SlotWatch Start()
    {
        _watching = WatchAsync(_stop.Token);
        return this;
    }

    /// <summary>Fails as the looking has failed, if it has.</summary>
    /// <exception cref="MigrationException">PB0521.</exception>
    public Task MustGoOnAsync() => _watching.IsFaulted ? _watching : Task.CompletedTask;

    /// <summary>Nothing is to be moved any more behind a slot that was given up.</summary>
    /// <exception cref="MigrationException">PB0521.</exception>
    public static async Task MustNotBeGivenUpAsync(Migration migration, CancellationToken ct)
    {
        if (await migration.Journal.GetFactAsync(Fact.SlotGivenUp, ct) is { } why)
            throw Errors.SlotGivenUp(why);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.EndAsync(_watching);
        _stop.Dispose();
    }

    /// <summary>Once.</summary>
    /// <exception cref="MigrationException">PB0521: it was given up.</exception>
    internal async Task LookAsync(CancellationToken ct)
    {
        var direction = _migration.Direction;
        await using var publisher = await direction.Publisher.OpenAsync("watch", ct);
        if (await ReplicationSlot.FindAsync(publisher, direction.SlotName, ct) is not { RetainedBytes: { } kept } slot)
            return; // None yet, or lost: whoever reads it says so.
        await RememberAsync(await publisher.QueryValueAsync<Lsn>("SELECT pg_catalog.pg_current_wal_lsn()", ct), slot.ConfirmedFlushLsn ?? default, ct);
        var ours = direction.IsBack ? null : _limit; // The way back is the operator's to give up.
        if (kept >= ours)
            await GiveUpAsync(direction, kept, ours.Value, ct);
        var most = new[] { ours, slot.SafeBytes + kept }.Min();
        _migration.Report(new SlotMeasured(direction.SlotName, kept, most - kept));
        if (most is not { } limit)
            return;
        Next = Left(kept, limit) / 5 is { } soon ? TimeSpan.FromSeconds(Math.Clamp(soon, _shortest.TotalSeconds, _interval.TotalSeconds)) : _interval;
        Tell(direction, kept, limit);
    }

    async Task WatchAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Next, _migration.Time, ct);
            try
            {
                await LookAsync(ct);
            }
            catch (Exception failure) when (Transient.Is(failure))
            {
                // What the engine does with that server meets the same, and decides about it.
            }
        }
    }

    // First written down: whoever finds no slot knows why.
    async Task GiveUpAsync(Direction direction, long kept, long limit, CancellationToken ct)
    {
        var why = $"It kept {Megabytes(kept)} MB of WAL on the source, and --max-slot-wal allows {Megabytes(limit)} MB.";
        await _migration.Journal.SetFactAsync(Fact.SlotGivenUp, why, ct);
        await CreateSlot.DropAsync(direction, ct);
        throw Errors.SlotGivenUp(why);
    }

    void Tell(Direction direction, long kept, long limit)
    {
        var share = (double)kept / limit;
        var alarm = _alarms.LastOrDefault(alarm => share >= alarm);
        if (alarm > _told)
        {
            var forecast = Left(kept, limit) is { } left
                ? $" At the present rate there is none left in {(left < 120 ? $"{left:0} seconds" : $"{left / 60:0} minutes")}."
                : "";
            _migration.Report(new Warning(
                "PB0522", $"slot {direction.SlotName} keeps {Megabytes(kept)} MB of WAL on the {direction.Publisher.Name}, of {Megabytes(limit)} MB that it may keep",
                $"Find out why the {direction.Subscriber.Name} is behind, or let more be kept.{forecast}"));
        }

        if (alarm > _told || share < _told / 2)
            _told = alarm;
    }

    // A minute's worth of looks between two notes in the journal.
    async Task RememberAsync(Lsn written, Lsn acknowledged, CancellationToken ct)
    {
        var now = _migration.Time.GetTimestamp();
        while (_samples.TryPeek(out var oldest) && _migration.Time.GetElapsedTime(oldest.At, now) > _memory)
            _samples.Dequeue();
        _samples.Enqueue((written, acknowledged, now));
        if (_looks++ % 6 != 0)
            return;
        var (first, firstAcknowledged, at) = _samples.Peek();
        await _migration.Journal.SetFactAsync(
            Fact.WalSeen, string.Create(CultureInfo.InvariantCulture, $"{_migration.Direction.Publisher.Name} {first} {_migration.Time.GetElapsedTime(at, now).TotalSeconds:0.###} {firstAcknowledged}"), ct);
    }

    // Seconds.
    double? Left(long kept, long limit) => Rate() is > 0 and var rate ? (limit - kept) / rate : null;

    double? Rate()
    {
        var ((first, _, begun), (last, _, ended)) = (_samples.Peek(), _samples.Last());
        var seconds = _migration.Time.GetElapsedTime(begun, ended).TotalSeconds;
        return seconds > 0 ? ((ulong)last - (ulong)first) / seconds : null;
    }

    static long Megabytes(long bytes) => bytes >> 20;
}

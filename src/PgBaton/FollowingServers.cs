using System.Globalization;
using PgBaton.Postgres;
using PgBaton.Subscription;

namespace PgBaton;

/// <summary>
/// The part of <see cref="Following"/> in which the servers carry the stream by themselves. Whatever needs the stream to stand still or to be
/// proven, a word of the operator above all, takes it back first.
/// </summary>
static class FollowingServers
{
    static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    static readonly TimeSpan _betweenTries = TimeSpan.FromMinutes(10);

    /// <summary>The operator wants the servers to carry the stream.</summary>
    public static async Task<bool> AreWantedAsync(Migration migration, CancellationToken ct)
        => await migration.Journal.GetFactAsync(Fact.Via, ct) == Fact.Subscription;

    /// <summary>They are wanted, and nothing keeps them from taking over now.</summary>
    public static async Task<bool> MayTakeOverAsync(Migration migration, CancellationToken ct)
        => await AreWantedAsync(migration, ct)
            && await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is not null && await migration.Journal.NextWordAsync(ct) is null;

    /// <summary>Our own stream runs. It goes on where the servers cannot take over, unless this process was started to bring that about.</summary>
    /// <exception cref="MigrationException">PB0523.</exception>
    public static async Task TakeOverAsync(Migration migration, CancellationToken ct)
    {
        try
        {
            await HandOver.RunAsync(migration, ct);
        }
        catch (MigrationException failure) when (failure.Code == "PB0523")
        {
            await migration.Journal.SetFactAsync(Fact.Via, null, ct);
            if (migration.Goal == Goal.InSync && !migration.Direction.IsBack)
                throw;
            migration.Report(new Warning(failure.Code, $"{failure.Message}; pgbaton goes on carrying the changes", failure.Hint));
        }
    }

    /// <summary>Null: the stream is to be ours.</summary>
    public static async Task<StepResult?> RunAsync(Migration migration, CancellationToken ct)
    {
        if (!await AreWantedAsync(migration, ct) || !await IsRunningAsync(migration, ct))
            return null;
        await migration.Journal.SetFactAsync(Fact.InSyncAt, null, ct); // What was proven before may be long ago.
        await using var carrier = await ServersCarrier.OpenAsync(migration, ct);
        migration.Report(new HandedOver("subscription", (await carrier.MeasureAsync(ct)).AppliedLsn));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var heart = Heart.BeatAsync(migration, carrier, stop.Token);
        try
        {
            if (await ListenAsync(migration, heart, ct) is { } result)
                return result;
        }
        catch (MigrationException stopped) when (stopped.Code == "PB0524")
        {
            await TellStoppedAsync(migration, stopped, ct);
        }
        finally
        {
            await stop.EndAsync(heart);
        }

        await TakeBack.RunAsync(migration, ct);
        return null;
    }

    // Our own stream applies the same, or says what is wrong. Where it gets on, the servers have another try, but not again and again.
    static async Task TellStoppedAsync(Migration migration, MigrationException stopped, CancellationToken ct)
    {
        var now = migration.Time.GetUtcNow();
        var isSecond = DateTimeOffset.TryParse(await migration.Journal.GetFactAsync(Fact.SubscriptionStoppedAt, ct), CultureInfo.InvariantCulture, out var before)
            && now - before < _betweenTries;
        await migration.Journal.SetFactAsync(Fact.SubscriptionStoppedAt, now.ToString("O", CultureInfo.InvariantCulture), ct);
        if (isSecond)
            await migration.Journal.SetFactAsync(Fact.Via, null, ct);
        migration.Report(new Warning(
            stopped.Code, $"{stopped.Message}; pgbaton takes the stream back",
            isSecond ? "When the cause is mended: pgbaton via subscription" : "If it gets on, the servers have another try."));
    }

    static async Task<bool> IsRunningAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction;
        await using var subscriber = await direction.Subscriber.OpenAsync("subscription", ct);
        return await LogicalSubscription.FindAsync(subscriber, direction.SlotName, ct) is { IsEnabled: true };
    }

    static async Task<StepResult?> ListenAsync(Migration migration, Task heart, CancellationToken ct)
    {
        while (true)
        {
            if (heart.IsCompleted)
                await heart;
            if (migration.Goal == Goal.Copied || (migration.Goal == Goal.InSync && await migration.Journal.GetFactAsync(Fact.InSyncAt, ct) is not null))
                return StepResult.GoalReached;
            if (await migration.Journal.NextWordAsync(ct) is { } word)
            {
                if (word.Name is not ("abort" or "cancel" or "pause" or "resume")) // The loop hears these itself.
                    return null;
            }
            else if (migration.Goal.WordId is not null)
            {
                return StepResult.GoalReached;
            }

            await Task.Delay(_interval, migration.Time, ct);
        }
    }
}

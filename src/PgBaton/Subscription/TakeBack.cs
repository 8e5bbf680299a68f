using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Subscription;

/// <summary>The stream comes back from the servers: where the subscription has stopped, our own goes on.</summary>
static class TakeBack
{
    /// <summary>Nothing happens if there is no subscription of ours. Afterwards the subscriber's progress says up to where everything is applied.</summary>
    /// <exception cref="MigrationException">PB0205.</exception>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction;
        await using var subscriber = await direction.Subscriber.OpenAsync("subscription", ct);
        if (await LogicalSubscription.FindAsync(subscriber, direction.SlotName, ct) is not { } subscription)
            return;
        await LogicalSubscription.StopAsync(subscriber, direction.SlotName, migration.Time, ct);
        var applied = await AppliedAsync(direction, subscriber, subscription, ct);
        // In a commit of its own: DROP SUBSCRIPTION clears what its origin says at once, and no rollback and no crash brings that back.
        await KeepAsync(migration, subscriber, applied, ct);
        await using (var transaction = await subscriber.BeginTransactionAsync(ct))
        {
            await LogicalSubscription.ForgetAsync(subscriber, direction.SlotName, ct);
            await transaction.CommitAsync(ct);
        }

        migration.Report(new HandedOver("relay", applied.ToString()));
    }

    static async Task KeepAsync(Migration migration, NpgsqlConnection subscriber, Lsn applied, CancellationToken ct)
    {
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        if (await subscriber.ExecuteAsync(
                "UPDATE pgbaton.progress SET lsn = greatest(lsn, $1) WHERE epoch = $2", ct, applied, migration.Journal.Epoch) != 1)
            throw Errors.TakenOver(migration.Journal.Epoch);
        await transaction.CommitAsync(ct);
    }

    // The origin stands at the newest commit that had something to apply; the slot may be further, over what had nothing.
    static async Task<Lsn> AppliedAsync(Direction direction, NpgsqlConnection subscriber, LogicalSubscription subscription, CancellationToken ct)
    {
        var origin = await subscriber.QueryFirstAsync(
            "SELECT pg_catalog.pg_replication_origin_progress($1, true)", row => row.GetNullable<Lsn?>(0), ct, subscription.Origin) ?? default;
        await using var publisher = await direction.Publisher.OpenAsync("subscription", ct);
        var slot = await ReplicationSlot.FindAsync(publisher, direction.SlotName, ct);
        return slot?.ConfirmedFlushLsn is { } confirmed && confirmed > origin ? confirmed : origin;
    }
}

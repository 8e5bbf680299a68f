using Npgsql;
using PgBaton.Catalog;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;

namespace PgBaton.Subscription;

/// <summary>
/// The stream goes over to the servers: a subscription on the same slot takes it up exactly where our own has left it, and from then on no process
/// of ours has to run.
/// </summary>
static class HandOver
{
    /// <summary>Our own stream is running; afterwards the subscription is.</summary>
    /// <exception cref="MigrationException">PB0523: the subscriber cannot have one, and our own stream may go on.</exception>
    public static async Task RunAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction;
        await MustFindRowsAsync(migration, ct);
        await PrepareAsync(migration, ct);
        await using var subscriber = await direction.Subscriber.OpenAsync("subscription", ct);
        await MakeAsync(migration, subscriber, ct);
        // Behind every table's copy, and behind what the publication was before.
        await (await migration.RelayAsync(ct)).PassMarkerAsync(ct);
        await migration.StopRelayAsync();
        var (from, _) = await RelaySlot.CheckAsync(migration, ct);
        await StartAsync(migration, subscriber, from, ct);
    }

    static async Task MustFindRowsAsync(Migration migration, CancellationToken ct)
    {
        await using var publisher = await migration.Direction.Publisher.OpenAsync("subscription", ct);
        var published = await Publication.TablesAsync(publisher, migration.Direction.SlotName, ct);
        var tables = (await Table.ListAsync(publisher, ct)).Where(table => published.Contains(table.Oid));
        await WholeRows.MustBeComparableAsync(publisher, tables, fullMeanwhile: false, ct); // Where it is wanted, it has been done.
    }

    // The row that proves that all before it has arrived is published. The progress of a relay is not, lest the subscriber's own be overwritten.
    static async Task PrepareAsync(Migration migration, CancellationToken ct)
    {
        var direction = migration.Direction;
        await SourceGate.AddMarkerTableAsync(migration, ct);
        await using (var target = await migration.Target.OpenAsync("subscription", ct))
            await target.ExecuteAsync(GateSql.Marker, ct);
        await using var publisher = await direction.Publisher.OpenAsync("subscription", ct);
        await PublishedTables.ChangeAsync(migration, direction, publisher, async () =>
        {
            if (!await IsPublishedAsync(publisher, direction.SlotName, Marker.Table, ct))
                await publisher.ExecuteAsync(Publication.Add(direction.SlotName, Marker.Table), ct);
            if (await IsPublishedAsync(publisher, direction.SlotName, Relations.Progress, ct))
                await publisher.ExecuteAsync(Publication.Remove(direction.SlotName, Relations.Progress), ct);
        }, ct);
    }

    static async Task<bool> IsPublishedAsync(NpgsqlConnection publisher, string publication, string table, CancellationToken ct)
        => await publisher.QueryValueAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
                            WHERE p.pubname = $1 AND r.prrelid = pg_catalog.to_regclass($2))
            """,
            ct, publication, table);

    // Not enabled: it does nothing yet, and what the server has against it is known while our own stream still runs.
    static async Task MakeAsync(Migration migration, NpgsqlConnection subscriber, CancellationToken ct)
    {
        var direction = migration.Direction;
        await Ability.MustBeThereAsync(direction.Subscriber, subscriber, ct);
        await LogicalSubscription.DropAsync(subscriber, direction.SlotName, migration.Time, ct);
        try
        {
            await LogicalSubscription.CreateAsync(subscriber, direction.SlotName, Ability.ConninfoOf(direction.Publisher, migration.Options), ct);
        }
        catch (PostgresException failure) when (Ability.IsAnswer(failure))
        {
            throw Errors.CannotSubscribe(direction.Subscriber.Side, failure);
        }
    }

    // In one transaction: the position is the journal's, the engine is still us, and the servers take over. Every table may be written from now on
    // by somebody who does not keep account of it.
    static async Task StartAsync(Migration migration, NpgsqlConnection subscriber, Lsn from, CancellationToken ct)
    {
        var name = migration.Direction.SlotName;
        var subscription = await LogicalSubscription.FindAsync(subscriber, name, ct) ?? throw Errors.SubscriptionGone(name);
        var tables = await migration.Journal.TakeTurnAsync(
            c => c.QueryAsync("SELECT schema, name FROM pgbaton.relation", row => (row.GetString(0), row.GetString(1)), ct), ct);
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        if (await subscriber.ExecuteAsync("UPDATE pgbaton.progress SET epoch = epoch WHERE epoch = $1 AND lsn = $2", ct, migration.Journal.Epoch, from) != 1)
            throw Errors.TakenOver(migration.Journal.Epoch);
        await subscriber.ExecuteAsync("SELECT pg_catalog.pg_replication_origin_advance($1, $2)", ct, subscription.Origin, from);
        await TouchedRows.MarkAsync(subscriber, tables, from, ct);
        await subscriber.ExecuteAsync($"ALTER SUBSCRIPTION {Sql.Identifier(name)} ENABLE", ct);
        await transaction.CommitAsync(ct);
    }
}

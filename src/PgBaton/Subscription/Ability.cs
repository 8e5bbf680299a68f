using Npgsql;
using PgBaton.Postgres;

namespace PgBaton.Subscription;

/// <summary>Whether one server can subscribe to the other.</summary>
static class Ability
{
    /// <summary>How the other side reaches this publisher.</summary>
    public static string ConninfoOf(Server publisher, MigrationOptions options)
        => Conninfo.Of(publisher, publisher.Side == Side.Source ? options.SourceFromTarget : options.TargetFromSource);

    /// <exception cref="MigrationException">PB0523.</exception>
    public static async Task MustBeThereAsync(Server server, NpgsqlConnection subscriber, CancellationToken ct)
    {
        if (server.Version.Major < ServerVersion.OldestSubscriberMajor)
            throw Errors.SubscriberTooOld(server.Side, server.Version);
        if (!await subscriber.QueryValueAsync<bool>(
            """
            SELECT bool_and(pg_catalog.has_function_privilege(f, 'EXECUTE'))
              FROM unnest(ARRAY['pg_catalog.pg_replication_origin_advance(text, pg_lsn)', 'pg_catalog.pg_replication_origin_progress(text, boolean)']) AS f
            """, ct))
            throw Errors.MayNotSetOrigin(server.Side, server.User);
    }

    /// <summary>The subscriber has answered, be it that it cannot reach the publisher: another try would meet the same.</summary>
    public static bool IsAnswer(PostgresException failure)
        => failure.SqlState.StartsWith("08", StringComparison.Ordinal) || !Transient.Is(failure);

    /// <summary>By doing it on a publication that does not exist, and taking it back: the subscriber connects to the publisher as it would.</summary>
    /// <exception cref="MigrationException">PB0523.</exception>
    public static async Task ProveAsync(Server publisher, Server server, MigrationOptions options, CancellationToken ct)
    {
        await using var subscriber = await server.OpenAsync("check", ct);
        await MustBeThereAsync(server, subscriber, ct);
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        try
        {
            await LogicalSubscription.CreateAsync(subscriber, $"pgbaton_check_{Guid.NewGuid():n}", ConninfoOf(publisher, options), ct);
        }
        catch (PostgresException failure) when (IsAnswer(failure))
        {
            throw Errors.CannotSubscribe(server.Side, failure);
        }

        await transaction.RollbackAsync(ct);
    }
}

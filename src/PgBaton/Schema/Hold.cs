using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Schema;

/// <summary>
/// Keeps from acting, until the target is opened, what would disturb the copy or the stream: identity ALWAYS, triggers, rules, forced row
/// security, foreign keys that were there before. Each is held and its release written down in one transaction.
/// </summary>
static class Hold
{
    /// <summary>
    /// All of it on the side that has been the writer and gets the changes of the other one from now on. Its gate is closed, so that nobody's
    /// writes miss what is held.
    /// </summary>
    public static async Task SubscriberAsync(Migration migration, CancellationToken ct)
    {
        var server = migration.Direction.Subscriber;
        await using var connection = await EntryRun.OpenAsync(server, "hold", ct);
        if (!await server.CanSetReplicaRoleAsync(ct))
            await ForeignKeysAsync(migration, connection, ct);
        await TablesAsync(migration, server, connection, ct);
    }

    /// <summary>Those of the target.</summary>
    public static Task TablesAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
        => TablesAsync(migration, migration.Target, connection, ct);

    static async Task TablesAsync(Migration migration, Server server, NpgsqlConnection connection, CancellationToken ct)
        => await ApplyAsync(
            migration, connection, await Held.OfTablesAsync(connection, new Scope(migration.Options), await server.CanSetReplicaRoleAsync(ct), ct), ct);

    /// <summary>
    /// Checks that call functions of users, on tables that this migration made: such a function may read another table, which is copied later, or
    /// may have become stricter than the rows that are there. They come back NOT VALID and are validated afterwards.
    /// </summary>
    public static async Task ChecksAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
        => await ApplyAsync(migration, connection, await Held.OfChecksAsync(connection, connection, ct), ct);

    /// <summary>Those that this migration made. Others belong to the target.</summary>
    public static async Task EventTriggersAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
        => await ApplyAsync(migration, connection, await Held.OfEventsAsync(connection, connection, ct), ct);

    /// <summary>For tables that were there before: no order of rows would suit their foreign keys, and TRUNCATE is refused.</summary>
    public static Task ForeignKeysAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
        => ForeignKeysAsync(migration, connection, (c, hold, releases, token) => ApplyAsync(migration, c, hold, releases, token), ct);

    /// <summary>The same, each in the way that <paramref name="holdAsync"/> says.</summary>
    internal static async Task ForeignKeysAsync(
        Migration migration, NpgsqlConnection connection, Func<NpgsqlConnection, string, IEnumerable<Waiting>, CancellationToken, Task> holdAsync, CancellationToken ct)
    {
        var scope = new Scope(migration.Options);
        foreach (var key in await connection.QueryAsync(Query.ForeignKeys, ForeignKey.Read, ct))
        {
            if (scope.Includes(key.Schema, key.Name) || scope.Includes(key.RefersToSchema, key.RefersToName))
                await holdAsync(connection, key.DropCommand, key.Releases, ct);
        }
    }

    static async Task ApplyAsync(Migration migration, NpgsqlConnection connection, IEnumerable<Held> all, CancellationToken ct)
    {
        foreach (var held in all)
            await ApplyAsync(migration, connection, held.Command, held.Releases, ct);
    }

    static async Task ApplyAsync(Migration migration, NpgsqlConnection connection, string hold, IEnumerable<Waiting> releases, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await WithinAsync(connection, hold, releases, ct);
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>One, in the caller's transaction.</summary>
    internal static async Task WithinAsync(NpgsqlConnection connection, string hold, IEnumerable<Waiting> releases, CancellationToken ct)
    {
        await EntryRun.ExecuteAsync(connection, hold, ct);
        foreach (var release in releases)
            await release.RecordAsync(connection, ct);
    }
}

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
    {
        var canSetReplicaRole = await server.CanSetReplicaRoleAsync(ct);
        var scope = new Scope(migration.Options);
        var holds = await connection.QueryAsync(
            Query.Holds,
            row => (Schema: row.GetString(0), Name: row.GetString(1), Description: row.GetString(4), Hold: row.GetString(5), Release: row.GetString(6)),
            ct, canSetReplicaRole);
        foreach (var (_, _, description, hold, release) in holds.Where(hold => scope.Includes(hold.Schema, hold.Name)))
            await ApplyAsync(migration, connection, hold, ct, new Waiting("open", description, release));
    }

    /// <summary>
    /// Checks that call functions of users, on tables that this migration made: such a function may read another table, which is copied later, or
    /// may have become stricter than the rows that are there. They come back NOT VALID and are validated afterwards.
    /// </summary>
    public static async Task ChecksAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
    {
        var checks = await connection.QueryAsync(
            Query.FunctionChecks,
            row => (
                Schema: row.GetString(0), Name: row.GetString(1), Description: row.GetString(2), Hold: row.GetString(3), Release: row.GetString(4),
                Validate: row.GetNullable<string>(5)),
            ct);
        var ours = (await connection.QueryAsync(
            "SELECT description FROM pgbaton.entry WHERE kind IN ('TABLE', 'DOMAIN') AND outcome = 'done'", row => row.GetString(0), ct)).ToHashSet();
        foreach (var check in checks.Where(check => IsOurs("TABLE", check.Schema, check.Name) || IsOurs("DOMAIN", check.Schema, check.Name)))
        {
            var releases = new List<Waiting> { new("open", check.Description, check.Release) };
            if (check.Validate is not null)
                releases.Add(new("settle", check.Description, check.Validate));
            await ApplyAsync(migration, connection, check.Hold, ct, releases);
        }

        bool IsOurs(string kind, string schema, string name) => ours.Contains($"{kind} {schema} {name}".ReplaceLineEndings(" "));
    }

    /// <summary>Those that this migration made. Others belong to the target.</summary>
    public static async Task EventTriggersAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
    {
        var ours = await connection.QueryAsync(
            "SELECT description FROM pgbaton.entry WHERE kind = 'EVENT TRIGGER' AND outcome = 'done'", row => row.GetString(0), ct);
        if (ours.Count == 0)
            return;
        var acting = await connection.QueryAsync(
            Query.EventTriggers, row => (Name: row.GetString(0), Hold: row.GetString(1), Release: row.GetString(2)), ct);
        foreach (var (name, hold, release) in acting.Where(trigger => ours.Contains($"EVENT TRIGGER {trigger.Name}".ReplaceLineEndings(" "))))
            await ApplyAsync(migration, connection, hold, ct, new Waiting("open", $"event trigger {Sql.Identifier(name)}", release));
    }

    /// <summary>For tables that were there before: no order of rows would suit their foreign keys, and TRUNCATE is refused.</summary>
    public static async Task ForeignKeysAsync(Migration migration, NpgsqlConnection connection, CancellationToken ct)
    {
        var scope = new Scope(migration.Options);
        foreach (var key in await connection.QueryAsync(Query.ForeignKeys, ForeignKey.Read, ct))
        {
            if (scope.Includes(key.Schema, key.Name) || scope.Includes(key.RefersToSchema, key.RefersToName))
                await ApplyAsync(migration, connection, key.DropCommand, ct, [.. key.Releases]);
        }
    }

    static async Task ApplyAsync(Migration migration, NpgsqlConnection connection, string hold, CancellationToken ct, params IEnumerable<Waiting> releases)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await EntryRun.ExecuteAsync(connection, hold, ct);
        foreach (var release in releases)
            await release.RecordAsync(connection, ct);
        await JournalEpoch.CheckAsync(connection, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
    }
}

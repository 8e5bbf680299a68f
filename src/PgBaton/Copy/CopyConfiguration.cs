using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Copy;

/// <summary>
/// Rows that users keep in tables of extensions (reference systems, jobs) are in no publication of ours: they are carried over inside the fence, when
/// nobody writes. Not earlier: a job that is there too early would run on both sides. Triggers fire, because they belong to the extension.
/// </summary>
static class CopyConfiguration
{
    /// <summary>What the subscriber refuses is a warning (PB0414): the extension is its owner's affair there, and no table of the application is concerned.</summary>
    /// <param name="fence">A session on the publisher, asked for what there is.</param>
    public static async Task RunAsync(Migration migration, NpgsqlConnection fence, CancellationToken ct)
    {
        foreach (var table in await ConfigurationTable.ListAsync(fence, migration.Options, ct))
        {
            // Of its own for each: a copy that fails leaves both sessions of no use.
            await using var publisher = await migration.Direction.Publisher.OpenAsync("copy", ct);
            await using var subscriber = await migration.Direction.Subscriber.OpenAsync("copy", ct);
            if (!await subscriber.QueryValueAsync<bool>("SELECT pg_catalog.to_regclass($1) IS NOT NULL", ct, table.QualifiedName))
                continue;
            try
            {
                await CopyAsync(migration, table, publisher, subscriber, ct);
            }
            catch (PostgresException refusal) when (!Transient.Is(refusal))
            {
                migration.Report(new Warning(
                    "PB0414", $"what is kept in {table.QualifiedName} of extension {table.Extension} was not carried over: {refusal.MessageText}",
                    $"Carry it over by hand: COPY ({table.Rows(table.Columns)}) TO …"));
            }
        }
    }

    static async Task CopyAsync(
        Migration migration, ConfigurationTable table, NpgsqlConnection publisher, NpgsqlConnection subscriber, CancellationToken ct)
    {
        await using var transaction = await subscriber.BeginTransactionAsync(ct);
        await subscriber.ExecuteAsync("SET LOCAL synchronous_commit = on", ct);
        var rows = table.IsSequence
            ? await SetAsync(table, publisher, subscriber, ct)
            : await ReplaceAsync(table, publisher, subscriber, ct);
        await JournalEpoch.CheckAsync(subscriber, migration.Journal.Epoch, ct);
        await transaction.CommitAsync(ct);
        if (rows > 0)
            migration.Report(new Notice($"{table.QualifiedName} belongs to extension {table.Extension}: its {rows} rows of yours were copied inside the fence"));
    }

    static async Task<long> ReplaceAsync(ConfigurationTable table, NpgsqlConnection publisher, NpgsqlConnection subscriber, CancellationToken ct)
    {
        await subscriber.ExecuteAsync($"DELETE FROM ONLY {table.QualifiedName} {table.Condition}", ct);
        return (await CopyPipe.RunAsync(
            publisher, $"COPY ({table.Rows(table.Columns)}) TO STDOUT", subscriber, $"COPY {table.QualifiedName} ({table.Columns}) FROM STDIN",
            isBinary: false, ct)).Rows;
    }

    static async Task<long> SetAsync(ConfigurationTable table, NpgsqlConnection publisher, NpgsqlConnection subscriber, CancellationToken ct)
    {
        var (last, isCalled) = await publisher.QueryFirstAsync(
            $"SELECT last_value, is_called FROM {table.QualifiedName}", row => (row.GetInt64(0), row.GetBoolean(1)), ct);
        await subscriber.QueryValueAsync<long>("SELECT pg_catalog.setval($1::regclass, $2, $3)", ct, table.QualifiedName, last, isCalled);
        return 0;
    }
}

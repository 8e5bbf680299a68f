using Npgsql;
using PgBaton.Catalog;
using PgBaton.Cutover;
using PgBaton.Gate;
using PgBaton.Postgres;
using PgBaton.Relay;
using PgBaton.Sequences;

namespace PgBaton.Tests.Gate;

/// <summary>Two databases and an engine that has connected and taken the journal, but runs no step.</summary>
public sealed class GatePair : IAsyncDisposable
{
    GatePair(TestDatabase source, TestDatabase target, Migration migration) => (Source, Target, Migration) = (source, target, migration);

    public TestDatabase Source { get; }
    public TestDatabase Target { get; }
    internal Migration Migration { get; }

    /// <summary>All that the engine reported, in order.</summary>
    internal List<MigrationEvent> Events { get; } = [];

    /// <param name="schema">Run on both.</param>
    /// <param name="sourceServer">Null: the older one of the pair under test.</param>
    /// <param name="shape">Changes the options the engine gets.</param>
    public static async Task<GatePair> CreateAsync(string schema, TestServer? sourceServer = null, Func<MigrationOptions, MigrationOptions>? shape = null)
    {
        var source = await (sourceServer ?? TestServer.Source).CreateDatabaseAsync();
        var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(schema);
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, IgnoredFindings = ["PB1050"] };
        var migration = Migration.Open(shape is null ? options : shape(options));
        var pair = new GatePair(source, target, migration);
        migration.Happened += happened =>
        {
            lock (pair.Events)
                pair.Events.Add(happened);
        };
        await migration.ConnectAsync(CancellationToken.None);
        await target.ExecuteAsync(schema); // Not before: a target that holds something would not be taken.
        return pair;
    }

    /// <summary>As if everything were copied and verified: slot, relay, and a target that is closed.</summary>
    internal async Task FollowAsync()
    {
        await CreateSlot.RunAsync(Migration, default);
        await using var connection = await Migration.Source.OpenAsync("test", default);
        var tables = (await Table.ListAsync(connection, default)).FindAll(table => table.HoldsRows && table.IsLogged);
        await Migration.Journal.TakeTurnAsync(c => c.ExecuteAsync(
            """
            WITH t AS (SELECT * FROM ROWS FROM (unnest($1::oid[]), unnest($2::text[]), unnest($3::text[]), unnest($4::oid[]), unnest($5::text[])) t (oid, schema, name, filenode, columns)),
                 r AS (INSERT INTO pgbaton.relation (oid, schema, name, bytes_total, copied_at, copied) SELECT oid, schema, name, 0, '0/0', true FROM t)
            INSERT INTO pgbaton.verification (schema, name, lsn, rows, target_rows, bytes, digest, equal, filenode, columns)
            SELECT schema, name, '0/0', 0, 0, 0, '', true, filenode, columns FROM t
            """, default,
            tables.Select(table => table.Oid).ToArray(), tables.Select(table => table.Schema).ToArray(), tables.Select(table => table.Name).ToArray(),
            tables.Select(table => table.Filenode).ToArray(), tables.Select(table => table.Columns).ToArray()), default);
        await CloseTargetAsync();
        await Migration.RelayAsync(default);
    }

    /// <summary>What step pre-data does about the target's gate.</summary>
    internal async Task CloseTargetAsync()
    {
        await TargetGate.CloseAsync(Migration, default);
        await TargetGate.ArmAsync(Migration, default);
    }

    /// <summary>The operator's word.</summary>
    internal Task<Word> SayAsync(string word, WordArguments arguments)
        => Migration.Journal.TakeTurnAsync(c => Word.SayAsync(c, word, arguments, default), default);

    /// <summary>The steps of a cutover, or of a rollback, without the loop.</summary>
    internal async Task CutOverAsync()
    {
        await SetFence.RunAsync(Migration, default);
        await SetSequences.RunAsync(Migration, default);
        await StartReverse.RunAsync(Migration, default);
        await DecideAndOpen.RunAsync(Migration, default);
    }

    internal T Event<T>() where T : MigrationEvent
    {
        lock (Events)
            return Assert.Single(Events.OfType<T>());
    }

    /// <summary>The engine's process dies, another takes its place.</summary>
    internal async Task RestartAsync()
    {
        await Migration.DisposeAsync();
        await Migration.ConnectAsync(default);
    }

    internal Task ArmAsync() => SourceGate.ArmAsync(Migration, CancellationToken.None);

    /// <summary>The SQLSTATE the command fails with on the source; null if it works.</summary>
    public static async Task<string?> FailureAsync(TestDatabase database, string sql, string? setUp = null)
    {
        await using var connection = await database.OpenAsync();
        if (setUp is not null)
            await new NpgsqlCommand(setUp, connection).ExecuteNonQueryAsync();
        return await FailureAsync(connection, sql);
    }

    public static async Task<string?> FailureAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            await new NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException failure)
        {
            return failure.SqlState;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Migration.DisposeAsync();
        await Source.DisposeAsync(); // Its slot goes with it.
        await Target.DisposeAsync();
    }
}

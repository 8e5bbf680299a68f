using Npgsql;
using PgBaton.Gate;

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
        await target.ExecuteAsync(schema);
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        var migration = Migration.Open(shape is null ? options : shape(options));
        var pair = new GatePair(source, target, migration);
        migration.Happened += happened =>
        {
            lock (pair.Events)
                pair.Events.Add(happened);
        };
        await migration.ConnectAsync(CancellationToken.None);
        return pair;
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
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}

using PgBaton.Preflight;
using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>A migration of which only the schema steps are run.</summary>
sealed class SchemaRun : IAsyncDisposable
{
    readonly List<MigrationEvent> _events = [];

    SchemaRun(TestDatabase source, TestDatabase target, Migration migration) => (Source, Target, Migration) = (source, target, migration);

    public TestDatabase Source { get; }
    public TestDatabase Target { get; }
    public Migration Migration { get; }

    public IEnumerable<T> Events<T>()
    {
        lock (_events)
            return [.. _events.OfType<T>()];
    }

    public static string RichSchema => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schema", "rich.sql"));

    public static async Task<SchemaRun> StartAsync(
        TestServer sourceServer, TestServer targetServer, string schema, Func<MigrationOptions, MigrationOptions>? options = null, string targetSchema = "")
    {
        var source = await sourceServer.CreateDatabaseAsync();
        var target = await targetServer.CreateDatabaseAsync();
        Assert.DoesNotContain("ERROR", await CaseFile.PsqlAsync(source, schema), StringComparison.Ordinal); // The driver cannot read BEGIN ATOMIC.
        if (targetSchema.Length > 0)
            await target.ExecuteAsync(targetSchema);
        var run = new SchemaRun(source, target, Open(source.Uri, target.Uri, options));
        run.Migration.Happened += happened =>
        {
            lock (run._events)
                run._events.Add(happened);
        };
        await run.Migration.ConnectAsync(default);
        return run;
    }

    public static Migration Open(string source, string target, Func<MigrationOptions, MigrationOptions>? options)
    {
        // The schemas of these tests hold what a check would refuse, tables without a replica identity to begin with.
        var plain = new MigrationOptions { Source = source, Target = target, IgnoredFindings = [.. Checks.All.Select(check => check.Code)] };
        return Migration.Open(options?.Invoke(plain) ?? plain);
    }

    public async Task RunAllAsync()
    {
        await PreData.RunAsync(Migration, default);
        await PostData.RunAsync(Migration, default);
        await OpenAsync();
        Assert.Equal(0, await Opening.AfterOpenAsync(Migration, default));
    }

    public async Task OpenAsync()
    {
        await using var target = await Migration.Target.OpenAsync("open", default);
        await using var transaction = await target.BeginTransactionAsync();
        await Opening.BeforeOpenAsync(Migration, target, default);
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Migration.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }
}

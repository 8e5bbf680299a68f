namespace PgBaton.Tests.Schema;

/// <summary>Two databases, of which the target has all of the source and follows it.</summary>
sealed record FollowedPair(TestDatabase Source, TestDatabase Target, Migration Migration) : IAsyncDisposable
{
    /// <param name="schema">Run on the source.</param>
    /// <param name="options">Changes those that the migration gets.</param>
    public static async Task<FollowedPair> StartAsync(string schema, Func<MigrationOptions, MigrationOptions>? options = null)
    {
        var (source, target) = (await TestServer.Source.CreateDatabaseAsync(), await TestServer.Target.CreateDatabaseAsync());
        await source.ExecuteAsync(schema);
        var plain = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        var pair = new FollowedPair(source, target, Migration.Open(options?.Invoke(plain) ?? plain));
        await pair.Migration.RunAsync(Goal.InSync).WaitAsync(SchemaDriftTests.Patience);
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Migration.DisposeAsync();
        await Target.DisposeAsync();
        await Source.DisposeAsync();
    }
}

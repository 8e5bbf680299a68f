namespace PgBaton.Tests.Cutover;

/// <summary>Somebody drops our publication and writes nothing: the stream itself does not notice.</summary>
[Trait("Category", "Migration")]
public sealed class PublicationDroppedTests
{
    const string Table = "CREATE TABLE t (id int PRIMARY KEY)";

    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task it_is_noticed_while_the_stream_is_followed_whichever_way_and_whoever_made_the_tables(bool onTheWayBack)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Table);
        await target.ExecuteAsync(Table);
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, ExistingSchema = true });
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        migration.Happened += happened => _ = happened is InSync && inSync.TrySetResult();
        var engine = migration.RunAsync(Goal.Finished);
        await await Task.WhenAny(inSync.Task, engine).WaitAsync(_patience);
        if (onTheWayBack)
        {
            await using var words = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
            var outcome = await words.SayAsync("cutover", new WordArguments()).WaitAsync(_patience);
            Assert.True(outcome.ExitCode == 0, $"{outcome}");
        }

        var publisher = onTheWayBack ? target : source;
        var publication = await publisher.QueryAsync<string>("SELECT pubname::text FROM pg_publication");
        await publisher.ExecuteAsync($"DROP PUBLICATION \"{publication}\"");

        Assert.Equal("PB0527", (await Assert.ThrowsAsync<MigrationException>(() => engine.WaitAsync(_patience))).Code);
    }
}

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

    [Theory]
    [InlineData("ALTER PUBLICATION $ DROP TABLE t; INSERT INTO t VALUES (2)")]
    [InlineData("ALTER PUBLICATION $ DROP TABLE t; INSERT INTO t VALUES (2); ALTER PUBLICATION $ ADD TABLE ONLY t")]
    public async Task a_table_that_was_taken_out_is_told_of_and_then_copied_again(string alteration)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync($"{Table}; CREATE TABLE other (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using (var first = Migration.Open(options))
            await first.RunAsync(Goal.InSync).WaitAsync(_patience);
        var publication = await source.QueryAsync<string>("SELECT pubname::text FROM pg_publication");
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var second = Migration.Open(options))
        {
            second.Happened += happened => _ = happened is InSync && inSync.TrySetResult();
            var engine = second.RunAsync(Goal.Finished);
            await await Task.WhenAny(inSync.Task, engine).WaitAsync(_patience);
            await source.ExecuteAsync(alteration.Replace("$", $"\"{publication}\"", StringComparison.Ordinal));
            var failure = await Assert.ThrowsAsync<MigrationException>(() => engine.WaitAsync(_patience));
            Assert.Equal(("PB0527", "\"public\".\"t\""), (failure.Code, failure.About));
        }

        await source.ExecuteAsync("INSERT INTO t VALUES (3); INSERT INTO other VALUES (1)");
        await using var third = Migration.Open(options);
        await third.RunAsync(Goal.InSync).WaitAsync(_patience);
        Assert.Equal("1 2 3", await target.QueryAsync<string>("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t"));
        Assert.Equal("1", await target.QueryAsync<string>("SELECT string_agg(id::text, ' ' ORDER BY id) FROM other"));
        Assert.Equal(1, await target.QueryAsync<int>("SELECT generation FROM pgbaton.relation WHERE name = 'other'"));
    }

    [Fact]
    public async Task a_publication_that_sends_less_ends_the_next_run_as_well()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(Table);
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using (var first = Migration.Open(options))
            await first.RunAsync(Goal.InSync).WaitAsync(_patience);
        var publication = await source.QueryAsync<string>("SELECT pubname::text FROM pg_publication");
        await source.ExecuteAsync($"ALTER PUBLICATION \"{publication}\" SET (publish = 'insert')");
        await using var second = Migration.Open(options);
        Assert.Equal("PB0527", (await Assert.ThrowsAsync<MigrationException>(() => second.RunAsync(Goal.InSync).WaitAsync(_patience))).Code);
    }
}

namespace PgBaton.Tests.Cutover;

/// <summary>A cutover that was said can be taken back, also before its fence is set.</summary>
public sealed class CancelTests
{
    [Fact]
    public async Task a_cutover_that_waits_for_the_stream_is_withdrawn()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1)");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, IgnoredFindings = ["PB1081"] };
        await using var migration = Migration.Open(options);
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        migration.Happened += happened => _ = happened is InSync && inSync.TrySetResult();
        using var stop = new CancellationTokenSource();
        var engine = migration.RunAsync(Goal.Finished, stop.Token);
        await await Task.WhenAny(inSync.Task, engine).WaitAsync(TimeSpan.FromMinutes(1));
        await using var words = Migration.Open(options);
        await using (var blocker = await target.OpenAsync())
        {
            await using var transaction = await blocker.BeginTransactionAsync();
            await using (var locked = new Npgsql.NpgsqlCommand("SELECT FROM t WHERE id = 1 FOR UPDATE", blocker))
                await locked.ExecuteNonQueryAsync();
            await source.ExecuteAsync("UPDATE t SET v = 2");
            await target.WaitForAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')");
            var cutover = words.SayAsync("cutover", new WordArguments());
            await target.WaitForAsync("SELECT EXISTS (SELECT FROM pgbaton.word WHERE word = 'cutover' AND ended_at IS NULL)");

            await using var others = Migration.Open(options);
            var cancel = await others.SayAsync("cancel", new WordArguments()).WaitAsync(TimeSpan.FromSeconds(30));

            Assert.True(cancel.ExitCode == 0, $"{cancel}");
            var outcome = await cutover.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal("PB0702", outcome.Error?.Code);
            Assert.Equal((int)ExitCode.Stopped, outcome.ExitCode);
        }

        await source.ExecuteAsync("UPDATE t SET v = 3"); // Nobody has closed it, and it goes on.
        await target.WaitForAsync("SELECT v = 3 FROM t");
        Assert.Equal("source", (await Migration.StatusAsync(options)).Writer);
        Assert.Equal(0, (await words.SayAsync("abort", new WordArguments()).WaitAsync(TimeSpan.FromSeconds(30))).ExitCode);
        Assert.Equal(ExitCode.Stopped, (await Assert.ThrowsAsync<MigrationException>(() => engine.WaitAsync(TimeSpan.FromSeconds(30)))).ExitCode);
    }
}

namespace PgBaton.Tests;

/// <summary>The whole way, in one process, with an application that never stops.</summary>
[Trait("Category", "Migration")]
public sealed class MigrationTests
{
    [Fact]
    public async Task a_live_database_moves_without_losing_a_write()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema);
        await using var writer = new CountingWriter(source, target).Start();
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromSeconds(60));
        await writer.AdvanceAsync(20);
        var cutover = await migration.SayAsync("cutover", new WordArguments()).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(cutover.ExitCode == 0, $"{cutover}");
        await writer.AdvanceAsync(20);
        var finish = await migration.SayAsync("finish", new WordArguments()).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(finish.ExitCode == 0, $"{finish}");
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<long>("SELECT count(*) FROM entry"));
    }

    [Fact]
    public async Task a_cutover_that_is_said_before_the_copy_is_done_is_refused_and_not_remembered()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri, IgnoredFindings = ["PB1081"] };
        await target.ExecuteAsync("CREATE VIEW v AS SELECT 1");
        await using var migration = Migration.Open(options);
        Assert.Equal("PB0305", (await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.InSync))).Code);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => migration.SayAsync("cutover", new WordArguments()));
        Assert.Equal("PB0211", refused.Code);
        Assert.Equal(0, await target.QueryAsync<long>("SELECT count(*) FROM pgbaton.word"));
        Assert.Equal(0, (await migration.SayAsync("abort", new WordArguments())).ExitCode);
    }
}

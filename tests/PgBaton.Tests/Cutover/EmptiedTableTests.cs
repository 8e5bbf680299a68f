namespace PgBaton.Tests.Cutover;

[Trait("Category", "Migration")]
public sealed class EmptiedTableTests
{
    [Fact]
    public async Task tables_that_are_emptied_while_the_others_are_verified_are_verified_once_more_by_the_cutover_itself()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var verified = 0;
        migration.Happened += happened =>
        {
            // As often as the cutover looks before it asks the gates, so that they are what meets the last one.
            if (happened is TableVerified && ++verified <= 3)
                source.ExecuteAsync($"TRUNCATE t; INSERT INTO t VALUES ({verified})").GetAwaiter().GetResult();
        };
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));

        var outcome = await migration.SayAsync("cutover", new WordArguments { NoReverse = true }).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        Assert.Equal(4, verified);
        Assert.Equal(3, await target.QueryAsync<int>("SELECT id FROM t"));
    }
}

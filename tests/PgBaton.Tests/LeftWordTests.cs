namespace PgBaton.Tests;

/// <summary>What was asked of a process that is gone, by somebody who is gone.</summary>
public sealed class LeftWordTests
{
    [Fact]
    public async Task a_cutover_that_nobody_waits_for_any_more_is_not_made_by_the_next_process()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await RunAsync(options);

        await target.ExecuteAsync("INSERT INTO pgbaton.word (word) VALUES ('cutover'), ('finish'), ('verify')");
        var warnings = await RunAsync(options);

        Assert.Equal(["cutover", "finish"], warnings.Where(warning => warning.Code == "PB0212").Select(warning => warning.Message.Split(' ')[0]).Order());
        Assert.Equal(
            "cutover PB0212, finish PB0212",
            await target.QueryAsync<string>("SELECT string_agg(word || ' ' || (outcome -> 'error' ->> 'code'), ', ' ORDER BY word) FROM pgbaton.word WHERE word <> 'verify'"));
        await source.ExecuteAsync("INSERT INTO t VALUES (2)"); // Still the writer.
    }

    static async Task<List<Warning>> RunAsync(MigrationOptions options)
    {
        var warnings = new List<Warning>();
        await using var migration = Migration.Open(options);
        migration.Happened += happened =>
        {
            if (happened is Warning warning)
            {
                lock (warnings)
                    warnings.Add(warning);
            }
        };
        await migration.RunAsync(Goal.InSync);
        return warnings;
    }
}

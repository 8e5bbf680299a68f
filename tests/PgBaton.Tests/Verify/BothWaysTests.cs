namespace PgBaton.Tests.Verify;

/// <summary>Whichever side is the writer: a row of the other one that went wrong is found, mended from the writer's side, and no write is lost over it.</summary>
[Trait("Category", "Migration")]
public sealed class BothWaysTests
{
    [Fact]
    [Trait("Length", "Long")]
    public async Task a_row_that_went_wrong_is_found_and_mended_on_the_way_there_and_on_the_way_back()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 100) g");
        await using var writer = new CountingWriter(source, target).Start();
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));

        foreach (var (word, follower) in new[] { ("cutover", source), ("rollback", target) })
        {
            Assert.Equal(0, (await SayAsync(migration, word)).ExitCode);
            await writer.AdvanceAsync(10);
            await follower.ExecuteAsync(
                """
                SET transaction_read_only = off; ALTER TABLE t DISABLE TRIGGER pgbaton_gate;
                DELETE FROM t WHERE id = 7; UPDATE t SET v = 'wrong' WHERE id = 8; INSERT INTO t VALUES (101, 'rogue');
                ALTER TABLE t ENABLE ALWAYS TRIGGER pgbaton_gate
                """);
            var found = await SayAsync(migration, "verify", new WordArguments { Values = true });
            Assert.Equal(((int)ExitCode.Differs, "PB0601"), (found.ExitCode, found.Error?.Code));
            var differing = Assert.Single(await Migration.VerificationsAsync(options), table => !table.IsEqual);
            Assert.Equal(["(id)=(101)", "(id)=(7)", "(id)=(8)"], differing.Differences.Select(row => row.Key!).Order(StringComparer.Ordinal));
            Assert.Equal(0, (await SayAsync(migration, "verify", new WordArguments { Repair = true })).ExitCode);
        }

        await writer.StopAsync();
        Assert.Equal(0, (await SayAsync(migration, "verify")).ExitCode);
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        foreach (var database in new[] { source, target })
            Assert.Equal("100 v7 v8", await database.QueryAsync<string>("SELECT count(*) || string_agg(' ' || v, '' ORDER BY id) FILTER (WHERE id IN (7, 8)) FROM t"));
        Assert.Equal(0, (await SayAsync(migration, "abort")).ExitCode);
    }

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments? arguments = null)
        => migration.SayAsync(word, arguments ?? new WordArguments()).WaitAsync(TimeSpan.FromMinutes(2));
}

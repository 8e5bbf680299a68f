namespace PgBaton.Tests.Cutover;

/// <summary>DDL that leaves the same definition and other values, after everything was compared: nothing of it is in the stream, and no file is another one.</summary>
[Trait("Category", "Migration")]
public sealed class ReplacedColumnTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("ALTER TABLE t DROP COLUMN done, ADD COLUMN done bool DEFAULT false")]
    [InlineData("ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a int DEFAULT 7; ALTER TABLE t ALTER a DROP DEFAULT")]
    [InlineData("ALTER TYPE pair DROP ATTRIBUTE y CASCADE; ALTER TYPE pair ADD ATTRIBUTE y int CASCADE")]
    [InlineData("ALTER TYPE deep DROP ATTRIBUTE d; ALTER TYPE deep ADD ATTRIBUTE d int")]
    public async Task is_found_before_the_writers_move(string change)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TYPE deep AS (d int); CREATE TYPE pair AS (x int, y int, z deep[]);
            CREATE TABLE t (id int PRIMARY KEY, p pair, done bool DEFAULT false, a int);
            INSERT INTO t SELECT g, ROW(g, g, ARRAY[ROW(g)::deep])::pair, true, g FROM generate_series(1, 100) g;
            ALTER TABLE t DROP COLUMN done, ADD COLUMN done bool DEFAULT false; UPDATE t SET done = true;
            """);
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using var migration = Migration.Open(options);
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        migration.Happened += happened => _ = happened is InSync && inSync.TrySetResult();
        using var stop = new CancellationTokenSource();
        var engine = migration.RunAsync(Goal.Finished, stop.Token);
        await await Task.WhenAny(inSync.Task, engine).WaitAsync(_patience);
        Assert.Equal(0, (await SayAsync("verify")).ExitCode);

        await source.ExecuteAsync(change);

        var outcome = await SayAsync("cutover");
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(outcome.Error?.Code, (string[])["PB0601", "PB0713", "PB0509"]);
        Assert.True(await source.QueryAsync<bool>("SELECT NOT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database())"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.WaitAsync(_patience));

        async Task<WordOutcome> SayAsync(string word)
        {
            await using var words = Migration.Open(options);
            return await words.SayAsync(word, new WordArguments()).WaitAsync(_patience);
        }
    }
}

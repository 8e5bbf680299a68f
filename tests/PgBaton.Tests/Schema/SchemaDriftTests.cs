namespace PgBaton.Tests.Schema;

/// <summary>DDL while the stream is followed: told with its statement, settled by a word, and then the migration goes on by itself.</summary>
[Trait("Category", "Migration")]
public sealed class SchemaDriftTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task a_column_added_stops_the_stream_and_is_settled_by_apply()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN note text DEFAULT 'x' NOT NULL; INSERT INTO t VALUES (2, 'new')");

        var stopped = await Assert.ThrowsAsync<MigrationException>(() => migration.RunAsync(Goal.Finished).WaitAsync(_patience));
        Assert.Equal(("PB0509", ExitCode.Stopped), (stopped.Code, stopped.ExitCode));
        Assert.Contains("TABLE public t was changed: column \"note\" is new", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE \"public\".\"t\" ADD COLUMN \"note\" text DEFAULT 'x'::text NOT NULL;", stopped.Hint, StringComparison.Ordinal);

        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Apply = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments())).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
    }

    [Fact]
    [Trait("Length", "Long")]
    [Trait("Since", "12")]
    public async Task what_does_not_disturb_the_stream_keeps_the_cutover_until_it_is_accepted()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int PRIMARY KEY, m mood)");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await source.ExecuteAsync("CREATE INDEX t_m ON t (m); ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");

        var blocked = await SayAsync(migration, "cutover", new WordArguments { NoReverse = true });
        Assert.Equal("PB0509", blocked.Error!.Code);
        Assert.Contains("INDEX public t_m is new", blocked.Error.Detail, StringComparison.Ordinal);
        Assert.Contains("ALTER TYPE \"public\".\"mood\" ADD VALUE 'middle' BEFORE 'high';", blocked.Error.Hint, StringComparison.Ordinal);

        await target.ExecuteAsync("CREATE INDEX t_m ON t (m)");
        var refused = await SayAsync(migration, "drift", new WordArguments { Apply = true });
        Assert.Equal("PB0510", refused.Error!.Code);
        Assert.Equal(2L, await target.QueryAsync<long>("SELECT count(*) FROM pg_enum WHERE enumtypid = 'mood'::regtype")); // All or nothing.
        await target.ExecuteAsync("ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high'");
        Assert.Equal(0, (await SayAsync(migration, "drift", new WordArguments { Accept = true })).ExitCode);
        Assert.Equal(0, (await SayAsync(migration, "cutover", new WordArguments { NoReverse = true })).ExitCode);
    }

    static Task<WordOutcome> SayAsync(Migration migration, string word, WordArguments arguments) => migration.SayAsync(word, arguments).WaitAsync(_patience);
}

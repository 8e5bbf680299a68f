namespace PgBaton.Tests.Tables;

/// <summary>Tables that were made on the new writer, and a way back all the same.</summary>
[Trait("Category", "Migration")]
public sealed class JoinBackTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    const string Late = """
        CREATE TABLE late (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note json, twice bigint GENERATED ALWAYS AS (2) STORED);
        CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (100) TO (200);
        """;

    [Fact]
    public async Task a_table_and_a_partition_made_after_the_cutover_are_carried_back_with_every_row()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE event (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (100)");
        var options = new MigrationOptions { Source = source.Uri, Target = target.Uri };
        await using var migration = Migration.Open(options);
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await SayAsync(migration, "cutover");
        await target.ExecuteAsync($"{Late}; CREATE TABLE scratch (id int PRIMARY KEY); INSERT INTO late (note) SELECT '{{}}' FROM generate_series(1, 500); INSERT INTO event SELECT generate_series(50, 150)");

        var refused = await migration.SayAsync("rollback", new WordArguments()).WaitAsync(_patience);
        Assert.Contains("PB1703", $"{refused.Error}", StringComparison.Ordinal);
        Assert.Contains("tables add '\"public\".\"late\"'", $"{refused.Error}", StringComparison.Ordinal);
        var absent = await migration.SayAsync("tables", new WordArguments { AddTables = ["late"] }).WaitAsync(_patience);
        Assert.Equal(("PB0320", "\"public\".\"late\""), (absent.Error?.Code, absent.Error?.Object));

        await source.ExecuteAsync($"SET transaction_read_only = off; {Late}; INSERT INTO late (note) VALUES ('9')"); // As an attempt that was cut off leaves it.
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(target, stop.Token);
        await SayAsync(migration, "tables", new WordArguments { AddTables = ["late", "event_2"] });
        await SayAsync(migration, "tables", new WordArguments { RemoveTables = ["scratch"] });
        var kept = await migration.SayAsync("tables", new WordArguments { RemoveTables = ["t"] }).WaitAsync(_patience);
        Assert.Equal("PB0209", kept.Error?.Code);
        await stop.CancelAsync();
        Assert.InRange(await writing, 1, int.MaxValue);
        await target.ExecuteAsync("UPDATE late SET note = '[1]' WHERE id % 3 = 0; DELETE FROM event WHERE id % 2 = 0");
        var rows = await RowsAsync(target);

        await SayAsync(migration, "rollback");
        Assert.Equal(rows, await RowsAsync(source));
        var stray = await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => target.ExecuteAsync("SET transaction_read_only = off; INSERT INTO late (note) VALUES ('1')"));
        Assert.Equal("25006", stray.SqlState);
        await source.ExecuteAsync("INSERT INTO late (note) VALUES ('\"there again\"'); UPDATE event SET id = id + 1 WHERE id = 149");
        rows = await RowsAsync(source);
        await SayAsync(migration, "drift", new WordArguments { Accept = true });
        await SayAsync(migration, "cutover");
        Assert.Equal(rows, await RowsAsync(target));
        await SayAsync(migration, "finish");
    }

    // Each with its answer, so that none is under way when it ends.
    static async Task<int> WriteAsync(TestDatabase target, CancellationToken stop)
    {
        var written = 0;
        while (!stop.IsCancellationRequested)
        {
            await target.ExecuteAsync("INSERT INTO late (note) VALUES ('\"meanwhile\"'); UPDATE late SET note = '2' WHERE id = 7");
            written++;
        }

        return written;
    }

    static async Task<string> RowsAsync(TestDatabase database)
        => $"{await RowOracle.OfAsync(database, "public.late")}\n{await RowOracle.OfAsync(database, "public.event_1")}\n{await RowOracle.OfAsync(database, "public.event_2")}";

    static async Task SayAsync(Migration migration, string word, WordArguments? arguments = null)
    {
        var outcome = await migration.SayAsync(word, arguments ?? new WordArguments()).WaitAsync(_patience);
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome}");
    }
}

using System.Diagnostics;
using PgBaton.Relay;
using PgBaton.Tests.Cli;
using PgBaton.Tests.Relay;
using PgBaton.Verify;

namespace PgBaton.Tests.Verify;

/// <summary>A verification that takes its time: it can be held back, says how far it is, and goes on after it was killed.</summary>
[Trait("Length", "Long")]
public sealed class LongVerificationTests
{
    [Fact]
    public async Task no_side_is_read_faster_than_it_may_be()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 8000) g; ANALYZE");
        var started = Stopwatch.GetTimestamp();

        var table = Assert.Single((await databases.VerifyAsync(new VerifyOptions { Jobs = 4, MaxRate = 4 << 20 })).Tables);

        Assert.True(table.IsEqual);
        Assert.True(table.Bytes > 8_000_000, $"{table.Bytes}");
        var least = (table.Bytes - (1 << 20)) / (double)(4 << 20); // The last piece of each side may be read at once.
        Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds > least, $"{Stopwatch.GetElapsedTime(started)} for {table.Bytes} bytes");
    }

    [Fact]
    public async Task how_far_it_is_is_told_in_bytes_of_all_tables()
    {
        await using var databases = await TwoDatabases.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 8000) g; CREATE TABLE u AS SELECT * FROM t; ALTER TABLE u ADD PRIMARY KEY (id); ANALYZE");
        await using var migration = await RelayTests.StartAsync(databases.Source, databases.Target);
        var told = new List<VerifyProgress>();
        migration.Happened += happened => { lock (told) { if (happened is VerifyProgress progress) told.Add(progress); } };

        await VerifyTables.RunAsync(migration, new VerifyOptions { MaxRate = 4 << 20 }, default);

        Assert.True(told.Count >= 2, $"{told.Count}");
        Assert.All(told, progress => Assert.Equal(told[^1].AllBytesTotal, progress.AllBytesTotal));
        Assert.Equal(told.Select(progress => progress.AllBytesDone).Order(), told.Select(progress => progress.AllBytesDone));
        Assert.InRange(told[^1].AllBytesDone, told[^1].AllBytesTotal * 0.99, told[^1].AllBytesTotal);
        await CreateSlot.UndoAsync(migration, default);
    }

    [Fact]
    public async Task after_a_kill_the_same_command_goes_on_with_the_tables_that_are_left()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE large (id int PRIMARY KEY, v text); INSERT INTO large SELECT g, repeat('x', 900) FROM generate_series(1, 4000) g;
            CREATE TABLE small (id int PRIMARY KEY, v text); INSERT INTO small SELECT g, repeat('x', 900) FROM generate_series(1, 2000) g;
            """);
        await using (var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri }))
            await migration.RunAsync(Goal.InSync).WaitAsync(TimeSpan.FromMinutes(2));
        await target.ExecuteAsync("ALTER TABLE large DISABLE TRIGGER pgbaton_gate; DELETE FROM large WHERE id = 77; ALTER TABLE large ENABLE ALWAYS TRIGGER pgbaton_gate");
        using (var killed = EngineProcess.StartCommand(source.Uri, target.Uri, "verify", "--max-rate", "1MB"))
        {
            Assert.NotNull(await killed.WaitForAsync(line => EngineProcess.Is(line, "table_verified")));
            await killed.KillAsync();
        }

        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };
        var (exitCode, again) = await CommandProcess.RunWithAsync(environment, "verify", "--max-rate", "1MB", "--json");

        Assert.Equal(4, exitCode);
        Assert.Single(again.Json, line => line.GetProperty("event").GetString() == "table_verified");
        Assert.Equal(["\"public\".\"large\"", "\"public\".\"small\""], again.Result.GetProperty("tables").EnumerateArray().Select(table => table.GetProperty("table").GetString()));
        Assert.Contains("\"public\".\"large\"", again.Result.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1L, await target.QueryAsync<long>("SELECT count(*) FROM pgbaton.word"));

        var (mended, repair) = await CommandProcess.RunWithAsync(environment, "verify", "--repair");
        Assert.Equal((0, ""), (mended, repair.Error));
        Assert.Contains("repaired \"public\".\"large\": 1 row written, 0 removed", repair.Output, StringComparison.Ordinal);
        var (aborted, _) = await CommandProcess.RunWithAsync(environment, "abort", "--yes");
        Assert.Equal(0, aborted);
    }
}

using System.Text.Json;
using PgBaton.Copy;

namespace PgBaton.Tests.Copy;

/// <summary>Processes beside the engine that take parts of its copy, and die.</summary>
public sealed class WorkerTests
{
    const string Tables =
        """
        CREATE TABLE large AS SELECT g AS id, repeat('x', 900) AS filler FROM generate_series(1, 4000) g;
        CREATE TABLE small AS SELECT g AS id FROM generate_series(1, 100) g;
        """;

    [Fact]
    public async Task a_worker_takes_parts_and_ends_with_the_copy()
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { Jobs = 1, SplitLargerThan = 64 * 1024 });
        await using var worker = Migration.Open(scene.Migration.Options);
        var working = worker.WorkAsync(TimeSpan.FromMinutes(1));
        scene.Once(happened => happened is CopyProgress, async () => // The engine's only job stands still until another has done a part.
        {
            var before = await scene.Target.QueryAsync<long>("SELECT count(done_at) FROM pgbaton.part");
            await scene.Target.WaitForAsync($"SELECT count(done_at) > {before} FROM pgbaton.part");
            return true;
        });

        await scene.CopyAsync();
        await scene.Target.ExecuteAsync("INSERT INTO pgbaton.step (name, done_at) VALUES ('copy', now())");

        Assert.True((await working).Parts > 0);
        await scene.AssertEqualAsync();
        Assert.Equal(2, scene.Events.OfType<TableCopied>().Select(table => table.Table).Distinct().Count());
        Assert.Equal(2, scene.Events.OfType<TableCopied>().Count()); // Each once, whoever copied it.
        Assert.Equal(4100, await scene.Target.QueryAsync<long>("SELECT sum(rows)::bigint FROM pgbaton.relation"));
    }

    [Fact]
    public async Task the_part_of_a_worker_that_dies_comes_back_by_itself()
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { SplitLargerThan = 64 * 1024 });
        await using var dying = await scene.Target.OpenAsync();
        scene.Once(CopyScene.IsSnapshotTaken, async () =>
        {
            await using var claim = new Npgsql.NpgsqlCommand("BEGIN; SELECT FROM pgbaton.part WHERE number = 3 FOR UPDATE", dying);
            await claim.ExecuteNonQueryAsync();
            return true;
        });
        scene.Once(happened => happened is Notice notice && notice.Message.Contains("other workers", StringComparison.Ordinal), async () =>
        {
            Assert.Equal(1, await scene.Target.QueryAsync<long>("SELECT count(*) - count(done_at) FROM pgbaton.part"));
            await dying.CloseAsync();
            return true;
        });

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
        Assert.Equal(1, await scene.Target.QueryAsync<int>("SELECT max(generation) FROM pgbaton.relation")); // Nothing was begun anew.
    }

    [Fact]
    public async Task a_worker_of_a_former_engine_cannot_commit()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        await using var snapshot = await PgBaton.Postgres.ExportedSnapshot.NowAsync(scene.Migration.Source, default);
        var route = CopyRoute.Of(scene.Migration) with { Epoch = scene.Migration.Journal.Epoch - 1 };
        var unfinished = await scene.Migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, default), default);
        await CopyPlan.MakeAsync(scene.Migration, snapshot, unfinished, default);
        var plan = await CopyPlan.JoinAsync(route, snapshot, mayHaveMore: false, default);
        await using (var tables = await SourceTable.OpenAsync(route, default))
        await using (var worker = await CopyWorker.OpenAsync(route, snapshot, tables, default))
        {
            var failure = await Assert.ThrowsAsync<MigrationException>(
                () => worker.CopyAsync(plan[0].Parts.First(), new TableProgress(route, plan[0]), default));
            Assert.Equal("PB0205", failure.Code);
        }

        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT (SELECT count(*) FROM large) + count(*) FROM small"));
    }

    [Fact]
    public async Task without_an_engine_it_says_so()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t (id int)");
        var options = scene.Migration.Options;
        await scene.Migration.DisposeAsync();
        await using var worker = Migration.Open(options);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => worker.WorkAsync(TimeSpan.Zero));

        Assert.Equal("PB0417", failure.Code);
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task two_of_three_workers_are_killed_while_they_copy_and_all_is_equal()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            """
            CREATE TABLE big (id bigint PRIMARY KEY, filler text NOT NULL);
            INSERT INTO big SELECT g, md5(g::text) || repeat('y', 400) FROM generate_series(1, 400000) g;
            CREATE TABLE other (id bigint PRIMARY KEY, filler text NOT NULL);
            INSERT INTO other SELECT g, md5(g::text) || repeat('z', 400) FROM generate_series(1, 100000) g;
            """);
        using var engine = EngineProcess.Start(source.Uri, target.Uri, "--until", "copied", "--jobs", "1", "--split-larger-than", "1MB");
        var workers = Enumerable.Range(0, 3).Select(_ => EngineProcess.StartCommand(source.Uri, target.Uri, "worker", "--jobs", "2")).ToList();
        try
        {
            foreach (var dying in workers.Take(2))
            {
                if (await dying.WaitForAsync(happened => EngineProcess.Is(happened, "progress")) is null)
                    Assert.Fail($"a worker has ended by itself: {(await dying.EndAsync()).Errors}");
                await dying.KillAsync();
            }

            Assert.True(await target.QueryAsync<bool>("SELECT bool_or(done_at IS NULL) FROM pgbaton.part"), "it was over before they died");
            JsonElement result = default;
            await workers[2].WaitForAsync(happened => EngineProcess.Is(happened, "result") && (result = happened.Clone()).ValueKind == JsonValueKind.Object);
            Assert.Equal((0, ""), await EndAsync(engine));
            Assert.Equal(0, (await workers[2].EndAsync()).ExitCode);
            Assert.True(result.GetProperty("parts").GetInt64() > 0);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }

        Assert.Equal(await RowOracle.ReadAsync(source), await RowOracle.ReadAsync(target));
        Assert.Equal(500_000, await target.QueryAsync<long>("SELECT sum(rows)::bigint FROM pgbaton.relation"));
        Assert.Equal(1, await target.QueryAsync<int>("SELECT max(generation) FROM pgbaton.relation"));
    }

    // What was written to standard error only tells why.
    static async Task<(int ExitCode, string Errors)> EndAsync(EngineProcess process)
    {
        var (exitCode, errors) = await process.EndAsync();
        return (exitCode, exitCode == 0 ? "" : errors);
    }
}

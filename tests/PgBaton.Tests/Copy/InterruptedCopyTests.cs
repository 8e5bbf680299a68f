using PgBaton.Copy;
using PgBaton.Postgres;

namespace PgBaton.Tests.Copy;

public sealed class InterruptedCopyTests
{
    const string Tables =
        """
        CREATE TABLE large AS SELECT g AS id, repeat('x', 900) AS filler FROM generate_series(1, 4000) g;
        CREATE TABLE small AS SELECT g AS id FROM generate_series(1, 100) g;
        CREATE TABLE duplicates AS SELECT 1 AS id FROM generate_series(1, 100) g;
        """;

    [Theory]
    [InlineData(64 * 1024)] // in parts
    [InlineData(1 << 30)]   // whole
    public async Task cancelled_in_the_middle_it_ends_equal_when_run_again(int splitLargerThan)
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { SplitLargerThan = splitLargerThan });
        using var cancelled = new CancellationTokenSource();
        scene.Migration.Happened += happened =>
        {
            if (happened is CopyProgress or TableCopied)
                cancelled.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.CopyAsync(cancelled.Token));
        Assert.True(await scene.Target.QueryAsync<bool>("SELECT bool_or(NOT copied) FROM pgbaton.relation"));
        await scene.TakeOverAsync();
        await scene.Source.ExecuteAsync("INSERT INTO small VALUES (0); INSERT INTO large VALUES (0, '')");
        var kept = await CopiedAsync(scene);
        await scene.CopyAsync();

        foreach (var table in kept) // They wait for the stream.
            await scene.Source.ExecuteAsync($"DELETE FROM {table} WHERE id = 0");
        await scene.AssertEqualAsync();
    }

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task with_its_sessions_killed_it_fails_for_now_and_ends_equal_when_run_again(string side)
    {
        await using var scene = await CopyScene.CreateAsync(Tables, options => options with { SplitLargerThan = 64 * 1024 });
        var database = side == "source" ? scene.Source : scene.Target;
        scene.Once(happened => happened is CopyProgress, async () =>
        {
            await database.ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}' AND application_name IN ('pgbaton/copy', 'pgbaton/snapshot')");
            return true;
        });

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => scene.CopyAsync());
        Assert.True(Transient.Is(failure), failure.ToString());
        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task run_again_when_all_is_done_it_does_nothing()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        await scene.CopyAsync();
        var before = await scene.Target.QueryAsync<string>("SELECT string_agg(r::text, ';' ORDER BY name) FROM pgbaton.relation r");

        await scene.CopyAsync();

        Assert.Equal(before, await scene.Target.QueryAsync<string>("SELECT string_agg(r::text, ';' ORDER BY name) FROM pgbaton.relation r"));
        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task a_former_engine_cannot_commit_a_part()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        scene.Once(CopyScene.IsSnapshotTaken, async () =>
        {
            await scene.Target.ExecuteAsync("UPDATE pgbaton.engine SET epoch = epoch + 1");
            return true;
        });

        var failure = await Assert.ThrowsAsync<MigrationException>(() => scene.CopyAsync());

        Assert.Equal("PB0205", failure.Code);
        Assert.Equal(0, await scene.Target.QueryAsync<long>("SELECT (SELECT count(*) FROM large) + (SELECT count(*) FROM small) + count(*) FROM duplicates"));
    }

    [Fact]
    public async Task a_part_of_an_older_generation_cannot_commit_into_a_newer_one()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t AS SELECT g FROM generate_series(1, 100) g");
        await using var snapshot = await ExportedSnapshot.NowAsync(scene.Migration.Source, default);
        await using var tables = await SourceTable.OpenAsync(CopyRoute.Of(scene.Migration), default);
        var older = Assert.Single(await PlanAsync(scene, snapshot));
        await using var sleeper = await CopyWorker.OpenAsync(CopyRoute.Of(scene.Migration), snapshot, tables, default);

        // It wakes up, with its part claimed, when a newer generation has begun.
        var progress = new TableProgress(CopyRoute.Of(scene.Migration), older);
        await using var target = await TargetSession.OpenAsync(CopyRoute.Of(scene.Migration), default);
        await target.Connection.ExecuteAsync("BEGIN", default);
        Assert.True(await CopyJournal.ClaimAsync(target.Connection, older.Parts.Single(), default));
        var newer = Assert.Single(await PlanAsync(scene, snapshot));

        Assert.Null(await CopyJournal.EndPartAsync(target.Connection, older.Parts.Single(), new CopyResult(100, 1), default));
        await target.Connection.ExecuteAsync("ROLLBACK", default);
        Assert.Equal(PartOutcome.Taken, await sleeper.CopyAsync(older.Parts.Single(), progress, default));
        Assert.Equal(PartOutcomeKind.TableDone, (await sleeper.CopyAsync(newer.Parts.Single(), progress, default)).Kind);
        await scene.AssertEqualAsync();
    }

    [Fact]
    public async Task a_part_that_another_worker_holds_is_left_to_it()
    {
        await using var scene = await CopyScene.CreateAsync("CREATE TABLE t AS SELECT g FROM generate_series(1, 100) g");
        await using var snapshot = await ExportedSnapshot.NowAsync(scene.Migration.Source, default);
        await using var tables = await SourceTable.OpenAsync(CopyRoute.Of(scene.Migration), default);
        var plan = Assert.Single(await PlanAsync(scene, snapshot));
        await using var worker = await CopyWorker.OpenAsync(CopyRoute.Of(scene.Migration), snapshot, tables, default);
        await using (var other = await TargetSession.OpenAsync(CopyRoute.Of(scene.Migration), default))
        {
            await other.Connection.ExecuteAsync("BEGIN", default);
            Assert.True(await CopyJournal.ClaimAsync(other.Connection, plan.Parts.Single(), default));

            Assert.Equal(PartOutcome.Taken, await worker.CopyAsync(plan.Parts.Single(), new TableProgress(CopyRoute.Of(scene.Migration), plan), default));
        }

        await scene.Target.WaitForAsync($"SELECT NOT EXISTS (SELECT FROM pg_locks WHERE mode = 'RowShareLock' AND relation = 'pgbaton.part'::regclass)");
        Assert.Equal(PartOutcomeKind.TableDone, (await worker.CopyAsync(plan.Parts.Single(), new TableProgress(CopyRoute.Of(scene.Migration), plan), default)).Kind);
    }

    [Fact]
    public async Task what_a_stopped_engine_left_on_the_target_is_ended()
    {
        await using var scene = await CopyScene.CreateAsync(Tables);
        await using var stopped = await TargetSession.OpenAsync(CopyRoute.Of(scene.Migration), default);
        await stopped.Connection.ExecuteAsync("BEGIN; LOCK TABLE public.small IN ACCESS EXCLUSIVE MODE", default);

        await scene.CopyAsync();

        await scene.AssertEqualAsync();
    }

    static async Task<IReadOnlyList<TableCopy>> PlanAsync(CopyScene scene, ExportedSnapshot snapshot)
        => await CopyPlan.MakeAsync(
            scene.Migration, snapshot, await scene.Migration.Journal.TakeTurnAsync(c => CopyJournal.UnfinishedAsync(c, default), default), default);

    static async Task<IReadOnlyList<string>> CopiedAsync(CopyScene scene)
        => [.. (await scene.Migration.Journal.TakeTurnAsync(c => CopyJournal.CopiedAsync(c, default), default))
            .Select(table => table.Name).Where(name => name is "small" or "large")];
}

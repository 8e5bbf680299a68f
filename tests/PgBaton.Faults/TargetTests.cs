namespace PgBaton.Faults;

/// <summary>Somebody does something to the target that is not theirs to do.</summary>
public sealed class TargetTests
{
    // A cluster's manager has demoted it, say. Once it is the primary again, the same command goes on.
    [Fact]
    public async Task a_target_that_has_become_a_standby_is_told()
    {
        await using var pair = await ServerPair.StartAsync(); // Its timeline is another one afterwards.
        await using var scene = await Scene.StartAsync("target a standby", lent: pair);
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        await pair.Target.BecomeStandbyAsync();

        var (exitCode, errors) = await attending.FinishAsync(engine);
        Assert.True(exitCode is 1 or 3 or 5, $"{exitCode}: {errors}");
        Assert.Contains("read-only", errors, StringComparison.Ordinal);
        await pair.Target.PromoteAsync();
        await scene.RunUntilOverAsync(new Operator(scene));
        await scene.ProveHandedOverAsync("target turns read-only", $"follow: stop with exit code {exitCode}, then on");
    }

    [Fact]
    public async Task a_target_whose_default_is_read_only_is_written_all_the_same()
    {
        await using var pair = await ServerPair.StartAsync();
        await using var scene = await Scene.StartAsync("target read-only by default", lent: pair);
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, "copy")));
        await pair.Target.ExecuteAsync("ALTER SYSTEM SET default_transaction_read_only = on");
        await pair.Target.ReloadAsync();
        if (!await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")))
            Assert.Fail((await engine.EndAsync()).Errors);
        await pair.Target.ExecuteAsync("ALTER SYSTEM RESET default_transaction_read_only");
        await pair.Target.ReloadAsync();
        attending.StaysInSync = false;
        await NetworkTests.EndAsync(scene, attending, engine, "target turns read-only", "default_transaction_read_only from copy to follow");
    }

    // The gate refuses whoever comes by a door; who takes the door off its hinges is found at the comparison, and nothing is handed over. (In a table that the application leaves alone: what it writes itself
    // mends such a row.)
    [Theory]
    [InlineData("INSERT INTO probe VALUES (77, 7)", "25006")]
    [InlineData("SET session_replication_role = replica; INSERT INTO probe VALUES (77, 7)", "25006")]
    [InlineData("ALTER TABLE big DISABLE TRIGGER ALL; UPDATE big SET v = 'not ours' WHERE id = (SELECT min(id) FROM big)", null)]
    public async Task a_writer_on_the_target_before_the_cutover(string sql, string? refusal)
    {
        await using var scene = await Scene.StartAsync($"writer on the target {sql}");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        var failure = await Record.ExceptionAsync(() => scene.Target.ExecuteAsync(sql));
        if (refusal is not null)
        {
            Assert.Equal(refusal, Assert.IsType<Npgsql.PostgresException>(failure).SqlState);
            attending.StaysInSync = false;
            await NetworkTests.EndAsync(scene, attending, engine, "writer on the target", $"refused: {sql.Split(';')[0]} …");
            return;
        }

        Assert.Null(failure);
        Assert.Equal(4, (await scene.CommandAsync("verify")).ExitCode);
        var (exitCode, errors) = await scene.CommandAsync("cutover", "--yes");
        Assert.True(exitCode is 3 or 4, $"{exitCode}: {errors}");
        Assert.Contains("big", errors, StringComparison.Ordinal);
        await engine.SignalAsync("TERM");
        await attending.AttendAsync(engine);
        await scene.AbortAsync("writer on the target", "around the gate", "cutover refused, then abort");
    }
}

namespace PgBaton.Faults;

/// <summary>Another server answers at the source's address: a standby that was promoted, or an older copy.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_source_that_has_lost_what_was_applied_is_a_hard_stop(bool promoted)
    {
        await using var scene = await Scene.StartAsync($"lagging copy, promoted {promoted}");
        await RunToInSyncAsync(scene);
        await scene.SourceServer.StopAsync("fast");
        await scene.SourceServer.KeepCopyAsync();
        await scene.SourceServer.StartAsync();
        await scene.ApplicationGoesOnAsync(); // The copy has none of this, and the target all of it.
        await RunToInSyncAsync(scene);
        await StopApplicationAsync(scene);

        await scene.SourceServer.StopAsync("immediate");
        await scene.SourceServer.BecomeCopyAsync(promoted);
        var (exitCode, errors) = await new Operator(scene).FinishAsync(scene.StartEngine());

        Assert.True(exitCode == 5, $"{exitCode}: {errors}");
        Assert.Contains("PB0520", errors, StringComparison.Ordinal);
        Assert.Equal(0, (await scene.CommandAsync("abort", "--yes")).ExitCode);
        await CatalogState.ProveNothingOfOursAsync(scene.Target);
        scene.Record("failover", promoted ? "to a standby that lags" : "to an older copy", "stop PB0520, then abort");
    }

    [Fact]
    public async Task a_promoted_standby_that_had_everything_is_followed()
    {
        await using var scene = await Scene.StartAsync("promoted copy");
        await RunToInSyncAsync(scene);
        using (scene.Probe.Announce())
        {
            await scene.SourceServer.StopAsync("fast");
            await scene.SourceServer.KeepCopyAsync();
            await scene.SourceServer.BecomeCopyAsync(promote: true);
            await scene.ApplicationGoesOnAsync();
        }

        var runs = await scene.RunUntilOverAsync(new Operator(scene));
        await scene.ProveHandedOverAsync("failover", "to a standby that has everything, with the slot" + NetworkTests.Runs(runs));
    }

    [Fact]
    public async Task a_promoted_standby_without_the_slot_is_a_hard_stop()
    {
        await using var scene = await Scene.StartAsync("promoted copy, no slot");
        await RunToInSyncAsync(scene);
        using (scene.Probe.Announce())
        {
            await scene.SourceServer.StopAsync("fast");
            await scene.SourceServer.KeepCopyAsync();
            await scene.SourceServer.BecomeCopyAsync(promote: true);
            // As a physical copy has none.
            await scene.Source.ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
            await scene.ApplicationGoesOnAsync();
        }

        var (exitCode, errors) = await new Operator(scene).FinishAsync(scene.StartEngine());
        Assert.True(exitCode == 5 && errors.Contains("PB0501", StringComparison.Ordinal), $"{exitCode}: {errors}");
        await scene.AbortAsync("failover", "to a standby without the slot", "stop PB0501, then abort");
    }

    static async Task RunToInSyncAsync(Scene scene)
    {
        var engine = scene.StartEngine();
        Assert.True(await new Operator(scene) { StaysInSync = true }.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        await engine.KillAsync();
    }

    static async Task StopApplicationAsync(Scene scene)
    {
        foreach (var client in scene.Clients)
            await client.StopAsync();
        await scene.Probe.DisposeAsync();
    }
}

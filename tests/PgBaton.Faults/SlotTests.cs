namespace PgBaton.Faults;

/// <summary>Somebody does something to the slot while no engine runs. A gap is a hard stop with its reason; abort then leaves the source as it was.</summary>
public sealed class SlotTests
{
    const string Slot = "(SELECT slot_name FROM pg_replication_slots WHERE database = current_database() AND NOT temporary)";

    [Theory]
    [InlineData("dropped", $"SELECT pg_drop_replication_slot({Slot})", "PB0501")]
    [InlineData("made anew", "", "PB0503")]
    [InlineData("advanced by somebody", $"SELECT pg_replication_slot_advance({Slot}, pg_current_wal_lsn())", "PB0503")]
    public async Task a_slot_that_was(string fate, string sql, string code)
    {
        await using var scene = await Scene.StartAsync($"slot {fate}");
        await StopInSyncAsync(scene);
        foreach (var client in scene.Clients)
            await client.AdvanceAsync(5); // What would be lost.
        await scene.Source.ExecuteAsync(sql.Length > 0 ? sql : await MakeAnewAsync(scene.Source));

        var engine = scene.StartEngine();
        var (exitCode, errors) = await new Operator(scene).FinishAsync(engine);
        Assert.Equal(5, exitCode);
        Assert.Contains(code, errors, StringComparison.Ordinal);
        await scene.AbortAsync("slot", fate, $"stop {code}, then abort");
    }

    // Drops it, and returns the command that makes it again: a transaction that has dropped one may not.
    static async Task<string> MakeAnewAsync(TestDatabase source)
    {
        var name = await source.QueryAsync<string>($"SELECT {Slot}::text");
        await source.ExecuteAsync($"SELECT pg_drop_replication_slot('{name}')");
        return $"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')";
    }

    static async Task StopInSyncAsync(Scene scene)
    {
        var engine = scene.StartEngine();
        Assert.True(await new Operator(scene) { StaysInSync = true }.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        await engine.KillAsync();
        await scene.Source.WaitForAsync("SELECT NOT EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database() AND active)");
    }
}

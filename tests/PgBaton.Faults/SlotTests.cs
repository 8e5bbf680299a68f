using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using PgBaton.Faults.Wire;

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

    // Both ways in which servers say it: up to 17, and since. While it is read (the walsender is ended), and while nobody does.
    [Theory]
    [InlineData(15, true), InlineData(15, false), InlineData(18, true), InlineData(18, false)]
    public async Task a_slot_that_was_invalidated(int major, bool isRead)
    {
        await using var pair = await ServerPair.StartAsync(new(major, "max_wal_size = 32MB\nmin_wal_size = 32MB\nwal_keep_size = 0"), new(Math.Max(17, major)));
        await using var scene = await Scene.StartAsync($"slot invalidated {major} {isRead}", lent: pair);
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        if (isRead)
            scene.TargetWire.Weather.StartBlackHole(Flow.Both); // Nothing can be applied, so nothing is acknowledged.
        else
            await engine.KillAsync();
        await scene.Source.ExecuteAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        await pair.Source.ReloadAsync();
        while (await scene.Source.QueryAsync<string>($"SELECT wal_status FROM pg_replication_slots WHERE slot_name = {Slot}") != "lost")
            await scene.Source.ExecuteAsync(
                "SELECT pg_logical_emit_message(false, '', repeat('x', 900000)) FROM generate_series(1, 20); SELECT pg_switch_wal(); CHECKPOINT");
        if (isRead)
            scene.TargetWire.Weather.EndBlackHole();

        var (exitCode, errors) = await attending.FinishAsync(isRead ? engine : scene.StartEngine());
        Assert.True(exitCode == 5 && errors.Contains("PB0502", StringComparison.Ordinal), $"{exitCode}: {errors}");
        await scene.Source.ExecuteAsync("ALTER SYSTEM RESET max_slot_wal_keep_size");
        await pair.Source.ReloadAsync();
        await scene.AbortAsync("slot", $"invalidated by {major}, {(isRead ? "while it is read" : "while nobody reads it")}", "stop PB0502, then abort");
    }

    // It is not ours to end: the engine says who has it, and waits.
    [Fact]
    public async Task a_slot_that_somebody_else_reads_is_waited_for()
    {
        await using var scene = await Scene.StartAsync("slot taken");
        await StopInSyncAsync(scene);
        var name = await scene.Source.QueryAsync<string>($"SELECT {Slot}::text");
        var other = new LogicalReplicationConnection(
            $"Host=127.0.0.1;Port={scene.SourceServer.Port};Username=postgres;Database={scene.Source.Name}");
        await using (other)
        {
            await other.Open();
            other.SetReplicationStatus(default); // It acknowledges nothing.
            using var enough = new CancellationTokenSource();
            var reading = other.StartReplication(new(name), new(name, PgOutputProtocolVersion.V1), enough.Token).GetAsyncEnumerator(enough.Token);
            var next = reading.MoveNextAsync().AsTask();
            await scene.Source.WaitForAsync($"SELECT active FROM pg_replication_slots WHERE slot_name = '{name}'");
            var pid = await scene.Source.QueryAsync<int>($"SELECT active_pid FROM pg_replication_slots WHERE slot_name = '{name}'");

            var attending = new Operator(scene) { StaysInSync = true };
            var engine = scene.StartEngine();
            Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "retry")), "did not wait");
            Assert.Contains($"is active for PID {pid}", attending.Heard[^1], StringComparison.Ordinal);
            Assert.True(await scene.Source.QueryAsync<bool>($"SELECT active_pid = {pid} FROM pg_replication_slots WHERE slot_name = '{name}'"));
            await enough.CancelAsync();
            await next.ContinueWith(_ => { }, TaskScheduler.Default);
            await reading.DisposeAsync();
            attending.StaysInSync = false;
            await other.DisposeAsync();
            await NetworkTests.EndAsync(scene, attending, engine, "slot", "read by somebody else, who acknowledges nothing");
        }
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

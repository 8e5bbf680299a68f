using PgBaton.Faults.Wire;

namespace PgBaton.Faults;

/// <summary>The target takes nothing any more, and the source writes on: told in time, and ended at the operator's limit, whatever the step.</summary>
public sealed class WalTests
{
    [Theory]
    [InlineData("copy")]
    [InlineData("follow")]
    public async Task wal_that_piles_up_is_told_and_ended_at_the_limit(string step)
    {
        await using var scene = await Scene.StartAsync($"WAL piles up in {step}");
        var attending = new Operator(scene) { StaysInSync = true };
        var engine = scene.StartEngine("--max-slot-wal", "64MB");
        var hole = step == "copy" ? "pgbaton/copy" : "pgbaton/relay";
        scene.TargetWire.Weather.Where = link => link.Session == hole;
        if (step == "copy")
            scene.At(Places.Of("copy: part of a split table"), Moment.Before, _ => PileUpAsync());
        else
            Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "in_sync")));
        if (step == "follow")
            await PileUpAsync();

        await attending.AttendAsync(engine);
        scene.TargetWire.Weather.EndBlackHole();
        var (exitCode, errors) = await engine.EndAsync();
        Assert.True(exitCode == 5 && errors.Contains("PB0521", StringComparison.Ordinal), $"{exitCode}: {errors}");
        Assert.Contains(attending.Heard, line => line.Contains("PB0522", StringComparison.Ordinal));
        Assert.Equal(0L, await scene.Source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND NOT temporary"));
        (exitCode, errors) = await new Operator(scene).FinishAsync(scene.StartEngine());
        Assert.True(exitCode == 5 && errors.Contains("PB0521", StringComparison.Ordinal), $"{exitCode}: {errors}");
        await scene.AbortAsync("WAL piles up", $"{step}, --max-slot-wal", "warnings PB0522, stop PB0521, then abort");

        // A little at a time: between two looks at the slot, which are ten seconds apart, less than lies between the first alarm and the limit.
        async Task PileUpAsync()
        {
            scene.TargetWire.Weather.StartBlackHole(Flow.Both);
            for (var i = 0; i < 80; i++)
            {
                await scene.Source.ExecuteAsync("SELECT pg_logical_emit_message(false, '', repeat('x', 1000000)) FROM generate_series(1, 1)");
                await Task.Delay(500);
            }
        }
    }
}

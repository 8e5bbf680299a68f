namespace PgBaton.Faults;

/// <summary>The target's disk is full: what does not fit is tried again, aloud, and goes on when there is room.</summary>
public sealed class DiskTests
{
    // Room for a server, and not for much more.
    const int Megabytes = 400;

    public static TheoryData<string> Steps => Shard.Of((string[])["pre-data", "copy", "post-data", "follow"]);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task the_targets_disk_is_full_in(string step)
    {
        await using var pair = await ServerPair.StartAsync(target: new(17, "wal_recycle = off\nmax_wal_size = 48MB\nmin_wal_size = 32MB", Megabytes));
        await using var scene = await Scene.StartAsync($"disk full in {step}", lent: pair);
        await scene.Source.ExecuteAsync("INSERT INTO big (v) SELECT repeat(md5(g::text), 20) FROM generate_series(1, 30000) g"); // More than is left.
        var attending = new Operator(scene) { StaysInSync = step is "post-data" or "follow" };
        var engine = scene.StartEngine();
        Assert.True(await attending.AttendAsync(engine, happened => EngineProcess.IsStepStarted(happened, step)));
        await pair.Target.Disk.FillAsync(leaveKilobytes: 2048);
        if (attending.StaysInSync)
            await scene.Source.ExecuteAsync("UPDATE churn SET big = (SELECT string_agg(md5(id::text || g), '') FROM generate_series(1, 600) g)"); // Does not get smaller.

        // Either the row or its WAL does not fit: an error, or a server that goes down until there is room.
        var noticed = await attending.AttendAsync(engine, happened => EngineProcess.Is(happened, "retry"));
        pair.Target.Disk.Free();
        if (!await AnswersAsync(pair.Target))
            await pair.Target.StartAsync();
        if (!noticed)
            Assert.Fail((await engine.EndAsync()).Errors);
        attending.StaysInSync = false;
        await NetworkTests.EndAsync(scene, attending, engine, "disk of the target full", $"{step}: begun");
    }

    static async Task<bool> AnswersAsync(OwnServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!patience.IsCancellationRequested && server.IsRunning)
        {
            try
            {
                await server.ExecuteAsync("SELECT");
                return true;
            }
            catch (Npgsql.NpgsqlException)
            {
                await Task.Delay(100);
            }
        }

        return false;
    }
}

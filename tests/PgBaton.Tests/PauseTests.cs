using PgBaton.Evidence;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests;

/// <summary>Pause and resume, in the copy and while following, with an engine and without.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task nothing_is_applied_while_paused_and_everything_afterwards()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema);
        await using var writer = new CountingWriter(source, target).Start();
        using var engine = EngineProcess.Start(source.Uri, target.Uri);
        Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.Is(line, "in_sync")));
        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };

        var (paused, pause) = await CommandProcess.RunWithAsync(environment, "pause");
        Assert.True(paused == 0, pause.Error);
        Assert.Equal(0L, await source.QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND active"));
        var before = await target.QueryAsync<int>("SELECT n FROM counter");
        await writer.AdvanceAsync(50);
        var (_, status) = await CommandProcess.RunWithAsync(environment, "status", "--json");
        Assert.Equal((true, "pgbaton resume"), (status.Result.GetProperty("paused").GetBoolean(), status.Result.GetProperty("next").GetString()));
        var (refused, verify) = await CommandProcess.RunWithAsync(environment, "verify");
        Assert.Equal(3, refused);
        Assert.Contains("pgbaton resume", verify.Error, StringComparison.Ordinal);
        Assert.Equal(before, await target.QueryAsync<int>("SELECT n FROM counter"));

        var (resumed, resume) = await CommandProcess.RunWithAsync(environment, "resume");
        Assert.True(resumed == 0, resume.Error);
        Assert.Equal(0, (await CommandProcess.RunWithAsync(environment, "resume")).ExitCode); // Once more changes nothing.
        var until = writer.Acknowledged;
        await target.WaitForAsync($"SELECT n >= {until} FROM counter");
        Assert.Equal(0, (await CommandProcess.RunWithAsync(environment, "verify")).ExitCode);
        var follow = (await Migration.ReportAsync(new MigrationOptions { Source = source.Uri, Target = target.Uri })).Runs.Where(run => run.Step == "follow").ToList();
        Assert.Equal(RunEnding.Paused, follow[0].Ending); // The time in between is not of the step.
        Assert.Equal([true], follow.Skip(1).Select(run => run.StartedAt > follow[0].EndedAt));
        Assert.Equal(0, (await CommandProcess.RunWithAsync(environment, "abort", "--yes")).ExitCode);
    }

    [Fact]
    public async Task a_copy_can_be_paused_before_anybody_runs_it_and_stays_so_until_resume()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 1000)");
        using (var killed = EngineProcess.Start(source.Uri, target.Uri))
        {
            Assert.NotNull(await killed.WaitForAsync(line => EngineProcess.IsStepStarted(line, "copy")));
            await killed.KillAsync();
        }

        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };
        var (paused, pause) = await CommandProcess.RunWithAsync(environment, "pause");
        Assert.True(paused == 0, pause.Error);
        using var engine = EngineProcess.Start(source.Uri, target.Uri, "--until", "in-sync");
        await target.WaitForAsync("SELECT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objid = 1953459712 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
        var (resumed, resume) = await CommandProcess.RunWithAsync(environment, "resume");
        Assert.True(resumed == 0, resume.Error);
        Assert.Equal(0, (await engine.EndAsync()).ExitCode);
        var report = await Migration.ReportAsync(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var copies = report.Runs.Where(run => run.Step == "copy" && run.Ending == RunEnding.Done);
        Assert.InRange(Assert.Single(report.Events.Select(one => one.Happened).OfType<StepDone>(), done => done.Step == "copy").Seconds, 0, copies.Sum(run => (run.EndedAt - run.StartedAt).TotalSeconds) + 0.2); // Without the pause.
        Assert.Equal(1000L, await target.QueryAsync<long>("SELECT count(*) FROM t"));
        Assert.Equal(0, (await CommandProcess.RunWithAsync(environment, "abort", "--yes")).ExitCode);
    }
}

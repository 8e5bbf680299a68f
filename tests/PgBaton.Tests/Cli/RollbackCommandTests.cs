namespace PgBaton.Tests.Cli;

/// <summary>The way back as an operator types it, each command a process of its own.</summary>
public sealed class RollbackCommandTests
{
    [Fact]
    public async Task cutover_rollback_and_cutover_again_are_told_truly_by_every_command()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        var environment = new Dictionary<string, string> { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri };
        await RunAsync("migrate", "--until", "in-sync");

        await RunAsync("cutover", "--yes");
        await target.ExecuteAsync("INSERT INTO t VALUES (2)");
        await StatusAsync("on-target", "target", "pgbaton migrate");
        var rollback = await RunAsync("rollback", "--yes", "--json");
        Assert.Equal("source", rollback.Result.GetProperty("writer").GetString());
        Assert.InRange(rollback.Result.GetProperty("downtime_seconds").GetDouble(), 0.001, 30);
        await source.ExecuteAsync("INSERT INTO t VALUES (3)");
        Assert.Equal(3L, await source.QueryAsync<long>("SELECT count(*) FROM t"));
        await StatusAsync("rolled-back", "source", "pgbaton migrate");

        var again = await RunAsync("cutover", "--yes");
        Assert.Contains("The target is the writer.", again.Output, StringComparison.Ordinal);
        await StatusAsync("on-target", "target", "pgbaton migrate");
        await RunAsync("finish", "--yes");
        Assert.Equal(3L, await target.QueryAsync<long>("SELECT count(*) FROM t"));

        async Task<CommandProcess> RunAsync(params string[] words)
        {
            var (exitCode, run) = await CommandProcess.RunWithAsync(environment, words);
            Assert.True(exitCode == 0, $"{string.Join(' ', words)}: {exitCode} {run.Error}");
            return run;
        }

        async Task StatusAsync(string state, string writer, string next)
        {
            var status = (await RunAsync("status", "--json")).Result;
            Assert.Equal((state, writer, next), (status.GetProperty("state").GetString(), status.GetProperty("writer").GetString(), status.GetProperty("next").GetString()));
        }
    }
}

using System.Text.Json.Nodes;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary>What is told of a migration when other processes do the work, and end it.</summary>
public sealed class AfterwardsTests
{
    [Fact]
    public async Task what_came_of_it_here_is_told_no_longer_once_another_process_gets_on_with_it()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var served = await Served.StartAsync();
        var listed = await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri });
        var path = $"/api/v1/migrations/{listed["id"]}";
        await served.PostAsync($"{path}/run");
        var name = (string?)(await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "in-sync"))["status"]!["name"];
        await served.PostAsync($"{path}/words/abort", new { wait = true, confirm = name });
        var aborted = await served.WaitForAsync(path, view => !(bool)view["is_running_here"]! && view["last"] is not null);
        Assert.Equal(("aborted", true), ((string?)aborted["last"]!["state"], (bool)aborted["last"]!["has_report"]!));
        Assert.Null(aborted["failure"]);
        Assert.Equal("aborted", (string?)(await served.GetAsync($"{path}/report?of=1"))["status"]!["state"]);
        using (var none = await served.AskAsync(HttpMethod.Get, $"{path}/report?of=2"))
            Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
        await source.ExecuteAsync("CREATE TABLE keyless (n int)");
        await served.PostAsync($"{path}/run");
        var refused = await UntilAsync(served, path, view => view["failure"] is not null);
        Assert.Equal("aborted", (string?)refused["last"]!["state"]);

        using (var engine = EngineProcess.Start(source.Uri, target.Uri, "--replica-identity", "full"))
        {
            Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.Is(line, "in_sync")));
            var elsewhere = await UntilAsync(served, path, view => view["failure"] is null);
            Assert.Null(elsewhere["last"]);
            Assert.Equal("aborted", (string?)Assert.Single(elsewhere["reports"]!.AsArray())!["state"]); // What came before has its report still.
            Assert.Equal(name, (string?)(await served.GetAsync($"{path}/report?of=1"))["name"]);
            Assert.Equal((true, false), ((bool)elsewhere["begun_with"]!["replica_identity_full"]!, (bool)elsewhere["scope"]!["replica_identity_full"]!));
            await SayAsync(source, target, "cutover", "--yes");
            var moved = await UntilAsync(served, path, view => (string?)view["status"]!["writer"] == "target");
            Assert.Equal((null, null), (moved["failure"], moved["last"]));
            await SayAsync(source, target, "finish", "--yes");
            await engine.EndAsync();
        }

        var over = await UntilAsync(served, path, view => (string?)view["status"]!["state"] == "none");
        Assert.Equal(("finished", "target", false), ((string?)over["last"]!["state"], (string?)over["last"]!["writer"], (bool)over["last"]!["has_report"]!));
        Assert.NotNull(over["last"]!["downtime_seconds"]);
        Assert.Null(over["failure"]);
    }

    [Fact]
    public async Task a_journal_that_goes_away_elsewhere_is_told_to_have_ended_with_the_writer_that_was_seen()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var served = await Served.StartAsync(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var path = $"/api/v1/migrations/{Assert.Single((await served.GetAsync("/api/v1/migrations")).AsArray())!["id"]}";
        using (var engine = EngineProcess.Start(source.Uri, target.Uri))
        {
            Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.Is(line, "in_sync")));
            await UntilAsync(served, path, view => (string?)view["status"]!["state"] == "in-sync");
            await SayAsync(source, target, "abort", "--yes");
            await engine.EndAsync();
        }

        var over = await UntilAsync(served, path, view => (string?)view["status"]!["state"] == "none");
        Assert.Equal(("ended", "source", false), ((string?)over["last"]!["state"], (string?)over["last"]!["writer"], (bool)over["last"]!["has_report"]!));

        await served.PostAsync($"{path}/run"); // And with an engine of this process, at another's word.
        await UntilAsync(served, path, view => (string?)view["status"]!["state"] == "in-sync");
        await SayAsync(source, target, "abort", "--yes");
        var told = await UntilAsync(served, path, view => view["last"] is not null && !(bool)view["is_running_here"]!);
        Assert.Equal("aborted", (string?)told["last"]!["state"]);
    }

    [Fact]
    public async Task an_error_is_dropped_once_the_connection_strings_are_given_again()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE keyless (n int)");
        await using var served = await Served.StartAsync();
        var both = new { source = source.Uri, target = target.Uri };
        var path = $"/api/v1/migrations/{(await served.PostAsync("/api/v1/migrations", both))["id"]}";
        await served.PostAsync($"{path}/run");
        await UntilAsync(served, path, view => view["failure"] is not null);

        Assert.Null((await served.PostAsync("/api/v1/migrations", both))["failure"]);
    }

    static async Task SayAsync(TestDatabase source, TestDatabase target, params string[] words)
    {
        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri }, words);
        Assert.True(exitCode == 0, run.Error);
    }

    static async Task<JsonNode> UntilAsync(Served served, string path, Func<JsonNode, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var seen = await served.GetAsync(path);
            if (wanted(seen))
                return seen;
            Assert.False(patience.IsCancellationRequested, $"{seen}");
            await Task.Delay(100, CancellationToken.None);
        }
    }
}

using System.Net;
using System.Text.Json.Nodes;
using PgBaton.Tests.Onlookers;

namespace PgBaton.Tests.Web;

/// <summary>Migrations driven by nothing but HTTP.</summary>
public sealed class ApiTests
{
    const string Hostile = "CREATE TABLE \"<img onerror=alert(1)>\" (id int PRIMARY KEY); INSERT INTO \"<img onerror=alert(1)>\" SELECT generate_series(1, 100)";

    [Fact]
    public async Task a_whole_migration_is_driven_by_requests_under_a_live_writer()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + Hostile);
        await using var writer = new CountingWriter(source, target).Start();
        await using var hook = new Hook();
        await using var served = await Served.StartAsync(notify: hook.Url);

        var check = await served.PostAsync("/api/v1/check", new { source = source.Uri, target = target.Uri });
        Assert.Equal(0, (int)check["exit_code"]!);
        var listed = await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri });
        var path = $"/api/v1/migrations/{listed["id"]}";
        Assert.Equal("none", (string?)listed["status"]!["state"]);
        var plan = await served.PostAsync("/api/v1/plan", new { migration = (string?)listed["id"] });
        Assert.Equal(3, (int)plan["sizes"]!["tables"]!);
        await KeepsThePlanAsync(served, path, target.Uri);

        await served.PostAsync($"{path}/run");
        var synced = await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "in-sync");
        Assert.True((bool)synced["is_running_here"]!);
        await RefusesUnsureAsync(served, path, (string)synced["status"]!["name"]!);
        await KeepsWhatItBeganWithAsync(served, path);
        await TakesATableAlongAsync(served, path, source, target);
        await served.PostAsync($"{path}/words/pause", new { wait = true });
        Assert.True((bool)(await served.WaitForAsync(path, view => (bool?)view["status"]?["paused"] == true))["status"]!["paused"]!);
        await served.PostAsync($"{path}/words/resume", new { wait = true });
        await served.PostAsync($"{path}/words/verify", new { wait = true });
        await served.PostAsync($"{path}/words/cutover", new { wait = true, rehearse = true });
        var name = (string)synced["status"]!["name"]!;
        await served.PostAsync($"{path}/words/cutover", new { wait = true, confirm = name });
        await served.WaitForAsync(path, view => (string?)view["status"]?["writer"] == "target");
        await writer.AdvanceAsync(20);
        await served.PostAsync($"{path}/words/rollback", new { wait = true, confirm = name });
        await writer.AdvanceAsync(20);
        await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "rolled-back");
        await served.PostAsync($"{path}/words/cutover", new { wait = true, confirm = name });
        await writer.AdvanceAsync(20);
        await writer.StopAsync();

        var said = await served.PostAsync($"{path}/words/finish", new { wait = true, confirm = name });
        Assert.True((bool)said["is_done"]!, $"{said}");
        var over = await served.WaitForAsync(path, view => !(bool)view["is_running_here"]!);
        Assert.Equal(("none", "finished", "target"), ((string?)over["status"]!["state"], (string?)over["last"]!["state"], (string?)over["last"]!["writer"]));
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Equal(writer.Acknowledged, (int)await target.QueryAsync<long>("SELECT count(*) FROM entry"));
        await ReportsAsync(served, path);
        Assert.Equal(["opened", "opened", "opened", "finished"], hook.Kinds.Where(kind => kind != "in_sync"));
        Assert.Equal("in_sync", hook.Kinds.First());

        await served.PostAsync($"{path}/run", new { }); // The target is not empty any more.
        var refused = await served.WaitForAsync(path, view => view["failure"] is not null);
        Assert.Equal("finished", (string?)refused["last"]?["state"]);
        await ReportsAsync(served, path);
    }

    // What it takes is told until something else is chosen.
    static async Task KeepsThePlanAsync(Served served, string path, string target)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync(HttpMethod.Get, $"{path}/plan")).StatusCode);
        Assert.Equal(3, (int)(await served.PostAsync($"{path}/plan"))["sizes"]!["tables"]!);
        Assert.NotNull((await served.GetAsync(path))["planned_at"]);
        await served.AskAsync(HttpMethod.Put, $"{path}/scope", new { excluded_tables = (string[])["counter"] });
        Assert.Null((await served.GetAsync(path))["planned_at"]);
        var listed = await served.PostAsync("/api/v1/migrations", new { migration = path.Split('/')[^1], target }); // The other string, and what was chosen, stay.
        Assert.Equal((path.Split('/')[^1], "counter"), ((string?)listed["id"], (string?)listed["scope"]!["excluded_tables"]![0]));
        await served.AskAsync(HttpMethod.Put, $"{path}/scope", new { });
        Assert.Equal(3, (int)(await served.GetAsync($"{path}/plan"))["sizes"]!["tables"]!);
    }

    // Another window may choose otherwise a moment too late: it is told so.
    static async Task KeepsWhatItBeganWithAsync(Served served, string path)
    {
        using var same = await served.AskAsync(HttpMethod.Put, $"{path}/scope", new { jobs = 3, ignore = (string[])["PB1013"] });
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using var other = await served.AskAsync(HttpMethod.Put, $"{path}/scope", new { tables = (string[])["counter"] });
        Assert.Equal((HttpStatusCode.Conflict, "PB0207"), (other.StatusCode, (string?)(await Served.ProblemOf(other))["code"]));
    }

    static async Task RefusesUnsureAsync(Served served, string path, string name)
    {
        foreach (var word in (string[])["cutover", "finish", "abort", "rollback"])
        {
            using var answer = await served.AskAsync(HttpMethod.Post, $"{path}/words/{word}", new { wait = true, confirm = "something else" });
            var problem = await Served.ProblemOf(answer);
            Assert.Equal((HttpStatusCode.Conflict, "PB0022"), (answer.StatusCode, (string?)problem["code"]));
            Assert.Contains(name, (string?)problem["hint"], StringComparison.Ordinal);
        }

        using var senseless = await served.AskAsync(HttpMethod.Post, $"{path}/words/cutover", new { wait = true, confirm = name, max_downtime_seconds = -1 });
        Assert.Equal((HttpStatusCode.BadRequest, "PB0042"), (senseless.StatusCode, (string?)(await Served.ProblemOf(senseless))["code"]));
    }

    static async Task TakesATableAlongAsync(Served served, string path, TestDatabase source, TestDatabase target)
    {
        foreach (var body in new object[] { new { wait = true }, new { add_tables = new[] { "a" }, remove_tables = new[] { "b" } } })
        {
            using var answer = await served.AskAsync(HttpMethod.Post, $"{path}/words/tables", body);
            Assert.Equal((HttpStatusCode.BadRequest, "PB0042"), (answer.StatusCode, (string?)(await Served.ProblemOf(answer))["code"]));
        }

        await source.ExecuteAsync("CREATE TABLE later (id int PRIMARY KEY); INSERT INTO later SELECT generate_series(1, 10)");
        using (var drifted = await served.AskAsync(HttpMethod.Post, $"{path}/words/drift", new { wait = true }))
        {
            var problem = await Served.ProblemOf(drifted);
            Assert.Equal((HttpStatusCode.Conflict, "PB0509", 5), (drifted.StatusCode, (string?)problem["code"], (int)problem["exit_code"]!));
            Assert.Contains("later", (string?)problem["message"], StringComparison.Ordinal);
        }

        await served.PostAsync($"{path}/words/tables", new { wait = true, add_tables = new[] { "public.later" } });
        Assert.Equal(10, await target.QueryAsync<long>("SELECT count(*) FROM later"));
        await served.PostAsync($"{path}/words/drift", new { wait = true });
    }

    [Fact]
    public async Task one_question_is_asked_again_by_itself()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE keyless (n int); INSERT INTO keyless VALUES (1)");
        await using var served = await Served.StartAsync();
        var id = (string?)(await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri }))["id"];

        var blocked = await served.PostAsync("/api/v1/check", new { migration = id, only = new[] { "PB1050" } });
        Assert.Equal(("PB1050", "blocker"), ((string?)Assert.Single(blocked["findings"]!.AsArray())!["code"], (string?)blocked["findings"]![0]!["severity"]));
        await source.ExecuteAsync("ALTER TABLE keyless ADD PRIMARY KEY (n)");
        var mended = await served.PostAsync("/api/v1/check", new { migration = id, only = new[] { "pb1050" } });
        Assert.Equal("ok", (string?)Assert.Single(mended["findings"]!.AsArray())!["severity"]);

        using var unknown = await served.AskAsync(HttpMethod.Post, "/api/v1/check", new { migration = id, only = new[] { "PB9999" } });
        Assert.Equal((HttpStatusCode.BadRequest, "PB0042"), (unknown.StatusCode, (string?)(await Served.ProblemOf(unknown))["code"]));
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task the_pace_of_a_copy_can_be_changed_on_its_way()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE wide (id int PRIMARY KEY, text text); INSERT INTO wide SELECT n, repeat(n::text, 40) FROM generate_series(1, 600000) n");
        await using var served = await Served.StartAsync();
        var path = $"/api/v1/migrations/{(await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri }))["id"]}";
        await served.PostAsync($"{path}/run");
        await served.WaitForAsync(path, view => view["progress"]!["copying"]!.AsArray().Count > 0);

        using (var answer = await served.AskAsync(HttpMethod.Put, $"{path}/pace", new { jobs = 1 }))

        {
            var view = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal((HttpStatusCode.OK, 1, 4), (answer.StatusCode, (int)view["pace"]!, (int)view["scope"]!["jobs"]!)); // Of this copy; the choice for a beginning stays.
        }

        using (var none = await served.AskAsync(HttpMethod.Put, $"{path}/pace", new { jobs = 0 }))
            Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "in-sync");
        Assert.True(await target.QueryAsync<long>("SELECT max(epoch) FROM pgbaton.event") > 1); // Another engine than the first has ended it.
        await served.PostAsync($"{path}/words/verify", new { wait = true });
    }

    // It is kept although the journal is gone; a name that looks like a tag is a name.
    static async Task ReportsAsync(Served served, string path)
    {
        var report = await served.GetAsync($"{path}/report");
        Assert.Equal(4, report["tables"]!.AsArray().Count);
        using var answer = await served.AskAsync(HttpMethod.Get, $"{path}/report?format=html");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("&lt;img onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_another_process_runs_is_shown_and_spoken_to()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema);
        using var engine = EngineProcess.Start(source.Uri, target.Uri);
        Assert.NotNull(await engine.WaitForAsync(line => EngineProcess.Is(line, "in_sync")));
        await using var served = await Served.StartAsync(new MigrationOptions { Source = source.Uri, Target = target.Uri });
        var view = Assert.Single((await served.GetAsync("/api/v1/migrations")).AsArray())!;
        var path = $"/api/v1/migrations/{view["id"]}";

        Assert.Equal((false, engine.Id), ((bool)view["is_running_here"]!, (int)view["status"]!["engine"]!["pid"]!));
        await served.PostAsync($"{path}/words/verify", new { wait = true });
        using var events = await OpenEventsAsync(served, path, null);
        var (last, seen) = await ReadAsync(events, "table_verified");
        Assert.NotNull(seen);
        using (var later = await OpenEventsAsync(served, path, last))
        {
            await served.PostAsync($"{path}/words/verify", new { wait = true });
            var (next, _) = await ReadAsync(later, "table_verified");
            Assert.True(next > last);
        }

        var metrics = await (await served.AskAsync(HttpMethod.Get, "/metrics")).Content.ReadAsStringAsync();
        Assert.Matches("(?m)^pgbaton_tables_verified\\{source=\"[^\"]+\",target=\"[^\"]+\"\\} 2$", metrics);
        Assert.Matches("(?m)^pgbaton_engine_running\\{[^}]*\\} 1$", metrics);
        await served.PostAsync($"{path}/words/abort", new { wait = true, confirm = (string?)view["status"]!["name"] });
        Assert.Equal(5, (await engine.EndAsync()).ExitCode); // Aborted by somebody else.
    }

    static async Task<StreamReader> OpenEventsAsync(Served served, string path, long? after)
    {
        (string, string)[] resume = after is { } last ? [("Last-Event-ID", $"{last}")] : [];
        var answer = await served.SendAsync(HttpMethod.Get, $"{path}/events", null, [("Authorization", $"Bearer {Served.Token}"), .. resume]);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    // Until an event of that kind came; with its place in the journal.
    static async Task<(long Seq, JsonNode Event)> ReadAsync(StreamReader events, string kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await events.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("data: {\"seq\"", StringComparison.Ordinal))
                continue;
            var data = JsonNode.Parse(line[6..])!;
            if ((string?)data["happened"]!["event"] == kind)
                return ((long)data["seq"]!, data);
        }

        throw new Xunit.Sdk.XunitException("the stream ended");
    }

    [Fact]
    public async Task no_password_is_in_any_answer()
    {
        const string canary = "c4n4ry-p4ssw0rd";
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var served = await Served.StartAsync();
        var wrong = new UriBuilder(target.Uri) { Password = canary }.Uri.ToString();
        var answers = new List<string>();
        foreach (var uri in (string[])[wrong, $"postgresql://someone:{canary}@127.0.0.1:1/nothing", $"postgresql://someone:{canary}/@127.0.0.1:1/x?sslmode=nonsense", $"host=h password='{canary}' nonsense"])
        {
            var body = new { source = uri, target = uri };
            foreach (var path in (string[])["check", "plan", "migrations"])
            {
                using var answer = await served.AskAsync(HttpMethod.Post, $"/api/v1/{path}", body);
                answers.Add(await answer.Content.ReadAsStringAsync());
            }
        }

        foreach (var view in (await served.GetAsync("/api/v1/migrations")).AsArray())
        {
            await served.PostAsync($"/api/v1/migrations/{view!["id"]}/run");
            using var word = await served.AskAsync(HttpMethod.Post, $"/api/v1/migrations/{view["id"]}/words/verify", new { wait = true });
            answers.Add(await word.Content.ReadAsStringAsync());
            answers.Add((await served.GetAsync($"/api/v1/migrations/{view["id"]}")).ToJsonString());
        }

        answers.Add(await (await served.AskAsync(HttpMethod.Get, "/metrics")).Content.ReadAsStringAsync());
        Assert.Contains(answers, answer => answer.Contains("28P01", StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(canary, answer, StringComparison.Ordinal));
    }
}

namespace PgBaton.Tests.Web;

/// <summary>What is chosen under Prepare is the same in every window, and starts from what an aborted migration was begun with.</summary>
public sealed class ChoicesTests
{
    [Fact]
    public async Task two_windows_show_the_same_choices_and_lose_none()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var served = await Served.StartAsync();
        var listed = await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri, target_owner = "postgres" });
        var path = $"/api/v1/migrations/{listed["id"]}";
        var address = new Uri(served.Address, $"/?token={Served.Token}");
        await using var one = await Browser.StartAsync(1280, 900, isDark: false);
        await using var other = await Browser.StartAsync(1280, 900, isDark: false);
        foreach (var browser in (Browser[])[one, other])
        {
            await browser.GoAsync(address);
            await browser.WaitForAsync("document.querySelector('main h1')");
            await browser.EvaluateAsync($"location.hash = '#/{listed["id"]}/prepare'");
            await browser.WaitForAsync("document.getElementById('roles')?.checkVisibility()");
        }

        await one.TypeAsync("excluded_tables", "public.a"); // Not finished: the focus is there.
        await TickAsync(other, "roles");
        await one.WaitForAsync("document.getElementById('roles').checked");
        Assert.Equal("public.a", (string?)await one.EvaluateAsync("document.getElementById('excluded_tables').value"));
        await TickAsync(one, "privileges");
        await other.WaitForAsync("document.getElementById('privileges').checked && document.getElementById('excluded_tables').value === 'public.a'");
        await one.WaitForAsync("document.getElementById('excluded_tables-told').textContent === 'public.a: matches no table of the source'");
        await TickAsync(other, "no_security_labels");
        await one.WaitForAsync("document.getElementById('no_security_labels').checked");

        var scope = (await served.GetAsync(path))["scope"]!;
        Assert.Equal((true, true, true, "public.a", "postgres"), ((bool)scope["roles"]!, (bool)scope["privileges"]!, (bool)scope["no_security_labels"]!, (string?)scope["excluded_tables"]![0], (string?)scope["target_owner"]));
        await TickAsync(one, "owners"); // Every owner, or that one.
        await served.WaitForAsync(path, view => (bool)view["scope"]!["owners"]! && view["scope"]!["target_owner"] is null);
        Assert.Empty(one.Errors.Concat(other.Errors));
    }

    [Fact]
    public async Task tables_are_listed_with_their_sizes_and_left_out_by_a_click()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(
            "CREATE TABLE small (id int PRIMARY KEY); CREATE TABLE \"a b\" (id int PRIMARY KEY); CREATE TABLE keyless (n int); INSERT INTO \"a b\" SELECT generate_series(1, 10000)");
        await using var served = await Served.StartAsync();
        var listed = await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri });
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));
        await browser.WaitForAsync("document.querySelector('main h1')");
        await browser.EvaluateAsync($"location.hash = '#/{listed["id"]}/prepare'");
        await browser.PressAsync("Estimate");
        await browser.WaitForAsync("document.querySelectorAll('details tbody tr').length === 3");
        await browser.EvaluateAsync("document.querySelector('details:has(table)').open = true");

        await browser.WaitForAsync("document.querySelector('details tbody tr').textContent.includes('\"a b\"') && document.querySelector('details table').textContent.includes('none: its UPDATEs and DELETEs would fail')");
        await browser.EvaluateAsync("[...document.querySelectorAll('details tbody button')].find(one => one.ariaLabel.includes('a b')).click()");
        await browser.WaitForAsync("document.querySelectorAll('details tbody tr').length === 2 && document.getElementById('excluded_tables').value === '\"public\".\"a b\"'");
        await served.WaitForAsync($"/api/v1/migrations/{listed["id"]}", view => view["scope"]!["excluded_tables"]!.AsArray().Count == 1 && view["planned_at"] is not null);

        await browser.GoAsync(new Uri(served.Address, $"/#/{listed["id"]}/connect")); // And back: it is still told.
        await browser.EvaluateAsync($"location.hash = '#/{listed["id"]}/prepare'");
        await browser.WaitForAsync("document.querySelectorAll('details tbody tr').length === 2");
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("(Not Found)", StringComparison.Ordinal)); // A view of a moment ago may name a plan that is not that of the choice any more.
    }

    [Fact]
    public async Task after_an_abort_the_choices_are_those_it_was_begun_with()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE keyless (n int); CREATE TABLE t (id int PRIMARY KEY)");
        var (exitCode, run) = await Cli.CommandProcess.RunWithAsync(
            new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri }, "migrate", "--until", "in-sync", "--replica-identity", "full", "-T", "public.t");
        Assert.True(exitCode == 0, run.Error);
        await using var served = await Served.StartAsync(new MigrationOptions { Source = source.Uri, Target = target.Uri, Jobs = 2 });
        var path = $"/api/v1/migrations/{(await served.GetAsync("/api/v1/migrations"))[0]!["id"]}";
        var name = (string?)(await served.WaitForAsync(path, view => view["begun_with"] is not null))["status"]!["name"];

        await served.PostAsync($"{path}/words/abort", new { wait = true, confirm = name });
        var scope = (await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "none"))["scope"]!;
        Assert.Equal((true, "public.t", 2), ((bool)scope["replica_identity_full"]!, (string?)scope["excluded_tables"]![0], (int)scope["jobs"]!));
    }

    static async Task TickAsync(Browser browser, string id)
    {
        await browser.EvaluateAsync($"document.getElementById('{id}').focus()");
        await browser.KeyAsync(" ", " ", 32);
        await browser.WaitForAsync($"document.getElementById('{id}').checked");
    }
}

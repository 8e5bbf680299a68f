namespace PgBaton.Tests.Web;

/// <summary>A change of the source's schema, settled on the page: whatever tells of it leads to where it is settled.</summary>
public sealed class DriftBrowserTests
{
    [Fact]
    public async Task what_changed_is_found_by_the_link_that_tells_of_it_and_is_applied_there()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var served = await Served.StartAsync();
        var id = (string?)(await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri }))["id"];
        var path = $"/api/v1/migrations/{id}";
        await served.PostAsync($"{path}/run");
        await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "in-sync");
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}#/{id}/follow"));
        await browser.WaitForAsync("document.querySelector('main')?.innerText.includes('The target is in step. To Verify')");

        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN note text");
        await browser.WaitForAsync("document.getElementById('next').textContent === 'settle what changed in the schema (Follow: Tables and schema)' && document.querySelector('main details').open");
        await browser.PressAsync("Cut over");
        await browser.WaitForAsync("document.querySelector('main .finding a[href$=\"/follow/schema\"]')");
        await browser.EvaluateAsync("document.querySelector('main .finding a[href$=\"/follow/schema\"]').click()");
        await browser.WaitForAsync("document.querySelector('main details').open && document.querySelector('main .error')?.innerText.includes('ALTER TABLE') && document.querySelector('main .error').dataset.problem === 'PB0509'");
        await browser.EvaluateAsync("document.querySelector('main .error a[href$=\"/follow/schema\"]').click()"); // Where it is already.
        await browser.WaitForAsync("document.querySelector('main .error') && document.activeElement.textContent === 'Apply it to the target'");
        await browser.PressAsync("Apply it to the target");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('Nothing is to be settled') && document.getElementById('next').textContent === 'verify 1 table'");
        Assert.Equal(1L, await target.QueryAsync<long>("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'note'"));

        // A row that does not fit stops it: once that is settled, it goes on by itself.
        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN more int; INSERT INTO t (id, more) VALUES (2, 3)");
        await browser.WaitForAsync("document.querySelectorAll('main .error').length === 1 && document.querySelector('main .error').dataset.problem === 'PB0509' && document.getElementById('safe').textContent.includes('nothing is applied')");
        await browser.WaitForAsync("[...document.querySelectorAll('main .log .bad')].some(line => line.innerText.startsWith('stopped: PB0509: '))");
        Assert.Contains((await served.GetAsync($"{path}/report"))["runs"]!.AsArray(), run => ((string?)run!["ending"], (string?)run["code"]) == ("BrokenOff", "PB0509"));
        await browser.PressAsync("Apply it to the target");
        await target.WaitForAsync("SELECT EXISTS (SELECT FROM t WHERE to_jsonb(t)->>'more' = '3')");
        await browser.WaitForAsync("document.querySelectorAll('main .error').length === 0 && document.getElementById('now').textContent === 'applying the source\\'s changes'");

        var name = (string?)(await served.GetAsync(path))["status"]!["name"];
        await served.PostAsync($"{path}/words/abort", new { wait = true, confirm = name });
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('It was aborted')");
        await browser.PressAsync("Copy");
        await browser.EvaluateAsync($"location.hash = '#/{id}/follow/schema'"); // As a line of the log has it, of before.
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('settled while a migration is under way: there is none now') && !document.getElementById('schema').checkVisibility()");
    }
}

using System.Text.Json.Nodes;
using PgBaton.Tests.ControlPlane;

namespace PgBaton.Tests.Web;

/// <summary>The page in a real browser: with the keyboard alone, dark and light, wide and narrow.</summary>
public sealed class BrowserTests
{
    const string Hostile = "CREATE TABLE \"<img onerror=alert(1)>\" (id int PRIMARY KEY); INSERT INTO \"<img onerror=alert(1)>\" SELECT generate_series(1, 100);";

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(390, 844, true)]
    public async Task from_connect_to_finish_with_the_keyboard_under_a_live_writer(int width, int height, bool isDark)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync(CountingWriter.Schema + Hostile);
        await using var writer = new CountingWriter(source, target).Start();
        await using var first = await ServeProcess.StartAsync([]);
        await using var browser = await Browser.StartAsync(width, height, isDark);
        var look = new Look(browser, width);

        await browser.GoAsync(first.Address);
        await browser.TypeAsync("source", source.Uri);
        await browser.TypeAsync("target", target.Uri);
        await browser.WaitForAsync("document.getElementById('source-hint').textContent === 'answers'");
        await look.AtAsync("connect");
        await browser.PressAsync("Connect");
        await browser.WaitForAsync("document.body.innerText.includes('Nothing blocks')");
        await look.AtAsync("check");
        await browser.PressAsync("Prepare");
        await browser.PressAsync("Estimate");
        await browser.WaitForAsync("document.querySelector('main dd').textContent === '3'");
        await look.AtAsync("prepare");
        await browser.PressAsync("Begin the migration");
        await browser.WaitForAsync("location.hash.endsWith('/follow') && document.querySelector('main').innerText.includes('The target is in step.')");
        await browser.PressAsync("Copy");
        await browser.WaitForAsync("[...document.querySelectorAll('td')].some(cell => cell.textContent === '\"public\".\"<img onerror=alert(1)>\"')");
        await browser.WaitForAsync("/Copying took .+; for the rows the estimate was: less than 10 s\\./.test(document.querySelector('main').innerText) && document.querySelector('main').innerText.includes('3 of 3 built')");
        await look.AtAsync("copy");
        await browser.PressAsync("Follow");
        await browser.WaitForAsync("document.body.innerText.includes('in sync:') && document.querySelector('.plot polyline')?.getAttribute('points').split(' ').length > 2");
        await look.AtAsync("follow");
        await using var second = await KillAndRunAgainAsync(first, browser, look, source, target);
        await browser.WaitForAsync("document.body.innerText.includes('applying the source')");
        await browser.PressAsync("Verify");
        await browser.PressAsync("Verify every row");
        await browser.WaitForAsync("location.hash.endsWith('/cutover') || document.body.innerText.includes('3 of 3 tables are equal')");
        await look.AtAsync("verify");
        await CutOverAsync(browser, look);
        await writer.AdvanceAsync(20);

        await browser.PressAsync("After");
        await using var third = await KillAndRunAgainAsync(second, browser, look, source, target);
        await writer.AdvanceAsync(20);
        await browser.WaitForAsync("document.getElementById('rollback-name')?.checkVisibility()");
        await look.AtAsync("after");
        await ConfirmAsync(browser, "finish");
        await browser.WaitForAsync("document.body.innerText.includes('It is over.')");
        await browser.EvaluateAsync("window.isFormer = true; location.reload()");
        await browser.WaitForAsync("!window.isFormer && document.body?.innerText.includes('It is over.') && document.querySelector('main dl')?.innerText.includes('finished') && document.querySelectorAll('main .log li').length > 5");
        await look.AtAsync("over");
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("net::ERR_", StringComparison.Ordinal)); // Nobody answers while nobody serves.
    }

    // The page tells that nobody answers, comes back by itself, is the same after a reload, and goes on where the journal says.
    static async Task<ServeProcess> KillAndRunAgainAsync(ServeProcess served, Browser browser, Look look, TestDatabase source, TestDatabase target)
    {
        await served.KillAsync();
        await browser.WaitForAsync("document.getElementById('link').textContent.includes('does not answer')");
        await look.AtAsync("gone");
        var again = await ServeProcess.StartAsync(new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri }, served.Address.Port);
        await browser.WaitForAsync("document.getElementById('link').textContent === ''");
        var at = (string?)await browser.EvaluateAsync("location.href");
        await browser.EvaluateAsync("window.isFormer = true; location.reload()");
        await browser.WaitForAsync("!window.isFormer && document.querySelector('main h1')");
        await browser.PressAsync("Go on with it here");
        await browser.WaitForAsync("![...document.querySelectorAll('main button')].some(e => e.checkVisibility() && e.innerText.startsWith('Go on'))");
        Assert.Equal(at, (string?)await browser.EvaluateAsync("location.href"));
        return again;
    }

    [Fact]
    [Trait("Length", "Long")] // A share of a core means something only where nothing else wants it.
    public async Task a_thousand_tables_keep_the_page_calm()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("DO $$ BEGIN FOR n IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, note text)', n); END LOOP; END $$");
        await using var served = await ServeProcess.StartAsync(new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri });
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(served.Address);
        await browser.PressAsync($"{new Uri(source.Uri).Host}");
        await browser.WaitForAsync("document.querySelector('main h1')?.innerText === 'Check'"); // Before that, the steps lead nowhere.
        await browser.PressAsync("Prepare");
        await browser.PressAsync("Begin the migration");
        await browser.WaitForAsync("document.querySelectorAll('main tbody tr').length > 500");
        await browser.EvaluateAsync(
            """
            window.moved = [];
            new PerformanceObserver(list => {
              for (const one of list.getEntries())
                if (!one.hadRecentInput && location.hash.endsWith("/copy"))
                  window.moved.push(`${one.value} ${one.sources.map(source => `${source.previousRect.y} to ${source.currentRect.y}: ${source.node?.outerHTML?.slice(0, 60)}; above: ${source.node?.parentNode?.innerText?.slice(0, 1500)}`)}`);
            }).observe({ type: "layout-shift" });
            """);
        var (began, busy) = (System.Diagnostics.Stopwatch.StartNew(), await browser.BusySecondsAsync());
        await browser.WaitForAsync("document.querySelector('nav').innerText.includes('1,000 of 1,000 tables')");
        var share = (await browser.BusySecondsAsync() - busy) / began.Elapsed.TotalSeconds;

        Assert.True(share < 0.2, $"the page took {share:P0} of a core");
        TestContext.Current.TestOutputHelper?.WriteLine($"the page was busy for {share:P1} of {began.Elapsed.TotalSeconds:F1} s");
        var moved = string.Join('\n', ((JsonArray)(await browser.EvaluateAsync("window.moved"))!).Select(one => (string?)one));
        Assert.True(moved.Length == 0, moved); // Nothing may move while tables come in.
        Assert.Empty(browser.Errors);
    }

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(390, 844, true)]
    public async Task a_target_is_made_at_a_provider_without_its_password_reaching_the_page(int width, int height, bool isDark)
    {
        var folder = Directory.CreateTempSubdirectory("pgbaton-desk-");
        await using var neon = new NeonServer();
        await using var served = await Served.StartAsync(
            variable: name => name switch { "NEON_API_URL" => neon.Address.ToString(), "NEON_API_KEY" => NeonServer.Key, _ => null }, folder: folder.FullName);
        await using var browser = await Browser.StartAsync(width, height, isDark);
        var look = new Look(browser, width);

        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));
        await browser.PressAsync("No target yet?");
        await browser.WaitForAsync("document.querySelectorAll('#provider-create-target-at option').length > 10");
        await browser.EvaluateAsync("(at => { at.value = 'neon'; at.dispatchEvent(new Event('change')); })(document.getElementById('provider-create-target-at'))");
        await browser.TypeAsync("provider-create-target-region", "aws-eu-central-1");
        await browser.PressAsync("What would be done?");
        await browser.WaitForAsync("document.body.innerText.includes('Cannot be undone: Logical replication')");
        await look.AtAsync("provider");
        Assert.Empty(neon.Requests);
        await browser.PressAsync("Do it");
        await browser.WaitForAsync("document.getElementById('target').value === 'ep-rw.eu-central-1.aws.neon.tech:5432/neondb'");
        await look.AtAsync("made");
        Assert.DoesNotContain(NeonServer.Password, (string)(await browser.EvaluateAsync("document.documentElement.outerHTML"))!, StringComparison.Ordinal);
        await browser.TypeAsync("source", "postgresql://app@127.0.0.1:1/shop?connect_timeout=1");
        await browser.PressAsync("Connect"); // The page has no password to send: it names the target by the number under which it was made.
        await browser.WaitForAsync("document.getElementById('target-hint').className === 'hint bad'");
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("Failed to load resource", StringComparison.Ordinal)); // Nobody answers there.
        folder.Delete(recursive: true);
    }

    static async Task CutOverAsync(Browser browser, Look look)
    {
        await browser.PressAsync("Cut over");
        await browser.WaitForAsync("document.body.innerText.includes('Nothing stands in the way.')");
        await browser.PressAsync("Rehearse");
        await browser.WaitForAsync("document.body.innerText.includes('A cutover now would keep writers waiting')");
        await look.AtAsync("cutover");
        await ConfirmAsync(browser, "cutover");
        await browser.WaitForAsync("document.body.innerText.includes('The target is the writer.')");
        await browser.WaitForAsync("document.querySelector('main .log .head')?.innerText.startsWith('Cutover to the target, ')");
        await look.AtAsync("cut-over");
    }

    // Nothing can be pressed before the name is right.
    static async Task ConfirmAsync(Browser browser, string word)
    {
        await browser.WaitForAsync($"document.querySelector('label[for={word}-name]').textContent.includes('(')");
        var name = (string)(await browser.EvaluateAsync($"document.querySelector('label[for={word}-name]').textContent.match(/\\((\\w+)\\)/)[1]"))!;
        await browser.TypeAsync($"{word}-name", name[..^1]);
        Assert.True((bool)(await browser.EvaluateAsync($"document.getElementById('{word}-name').form.querySelector('button').disabled"))!);
        await browser.TypeAsync($"{word}-name", name[^1..]);
        await browser.WaitForAsync($"!document.getElementById('{word}-name').form.querySelector('button').disabled");
        await browser.KeyAsync("Enter", "\r", 13);
    }
}

namespace PgBaton.Tests.Web;

/// <summary>The page in a real browser: with the keyboard alone, dark and light, wide and narrow.</summary>
[Trait("Length", "Long")]
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
        await using var served = await Served.StartAsync();
        await using var browser = await Browser.StartAsync(width, height, isDark);
        var look = new Look(browser, width);

        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));
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
        await browser.WaitForAsync("location.hash.endsWith('/verify')");
        await browser.PressAsync("Copy");
        await browser.WaitForAsync("[...document.querySelectorAll('td')].some(cell => cell.textContent === '\"public\".\"<img onerror=alert(1)>\"')");
        await look.AtAsync("copy");
        await browser.PressAsync("Follow");
        await browser.WaitForAsync("document.body.innerText.includes('in sync:')");
        await look.AtAsync("follow");
        await browser.PressAsync("Verify");
        await browser.PressAsync("Verify every row");
        await browser.WaitForAsync("location.hash.endsWith('/cutover') || document.body.innerText.includes('3 of 3 tables are equal')");
        await look.AtAsync("verify");
        await CutOverAsync(browser, look);
        await writer.AdvanceAsync(20);

        await browser.PressAsync("After");
        await browser.WaitForAsync("document.getElementById('rollback-name')?.checkVisibility()");
        await look.AtAsync("after");
        await ConfirmAsync(browser, "finish", "Finish");
        await browser.WaitForAsync("document.body.innerText.includes('It is over.')");
        await look.AtAsync("over");
        await writer.StopAsync();
        Assert.Equal(writer.Acknowledged, await target.QueryAsync<int>("SELECT n FROM counter"));
        Assert.Empty(browser.Errors);
    }

    static async Task CutOverAsync(Browser browser, Look look)
    {
        await browser.PressAsync("Cut over");
        await browser.WaitForAsync("document.body.innerText.includes('Nothing stands in the way.')");
        await browser.PressAsync("Rehearse");
        await browser.WaitForAsync("document.body.innerText.includes('A cutover now would keep writers waiting')");
        await look.AtAsync("cutover");
        await ConfirmAsync(browser, "cutover", "Cut over");
        await browser.WaitForAsync("document.body.innerText.includes('The target is the writer.')");
        await look.AtAsync("cut-over");
    }

    // Nothing can be pressed before the name is right.
    static async Task ConfirmAsync(Browser browser, string word, string button)
    {
        await browser.WaitForAsync($"document.querySelector('label[for={word}-name]').textContent.includes('(')");
        var name = (string)(await browser.EvaluateAsync($"document.querySelector('label[for={word}-name]').textContent.match(/\\((\\w+)\\)/)[1]"))!;
        await browser.TypeAsync($"{word}-name", name[..^1]);
        Assert.True((bool)(await browser.EvaluateAsync($"document.getElementById('{word}-name').form.querySelector('button').disabled"))!);
        await browser.TypeAsync($"{word}-name", name[^1..]);
        await browser.WaitForAsync($"!document.getElementById('{word}-name').form.querySelector('button').disabled");
        await browser.EvaluateAsync($"document.getElementById('{word}-name').form.requestSubmit()");
        Assert.NotEmpty(button);
    }
}

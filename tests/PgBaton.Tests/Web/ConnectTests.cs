namespace PgBaton.Tests.Web;

/// <summary>Strings that lead nowhere: what the server said is told once, at its field, and nothing of them stays in the list.</summary>
public sealed class ConnectTests
{
    const string Errors = "document.querySelectorAll('main .error').length";
    const string Listed = "document.querySelectorAll('main li').length";

    [Fact]
    public async Task what_was_given_in_vain_is_told_once_and_forgotten()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var served = await Served.StartAsync();
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));

        await browser.TypeAsync("source", source.Uri);
        await browser.TypeAsync("target", new UriBuilder(target.Uri) { Path = "/nowhere" }.Uri.ToString());
        await IsToldAsync(browser, "target", "there is no database \"nowhere\"");
        await WriteAsync(browser, "target", "postgresql://app@127.0.0.1:x/shop");
        await IsToldAsync(browser, "target", "PB0001");
        await WriteAsync(browser, "target", new UriBuilder(target.Uri) { Path = "/nowhere" }.Uri.ToString());
        await WriteAsync(browser, "source", new UriBuilder(source.Uri) { Path = "/neither" }.Uri.ToString());
        await IsToldAsync(browser, "source", "there is no database \"neither\"");
        await browser.WaitForAsync("document.getElementById('target-hint').className === 'hint bad' && document.getElementById('target-hint').textContent.includes('there is no database \"nowhere\"')");
        await WriteAsync(browser, "target", target.Uri);
        await WriteAsync(browser, "source", new UriBuilder(source.Uri) { Password = "wrong" }.Uri.ToString());
        await IsToldAsync(browser, "source", "the password is refused");
        Assert.DoesNotContain("pgpass", (string?)await browser.EvaluateAsync("document.querySelector('main').innerText"), StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await served.GetAsync("/api/v1/migrations")).AsArray());

        await WriteAsync(browser, "source", source.Uri);
        await browser.EvaluateAsync("document.activeElement.dispatchEvent(new ClipboardEvent('paste'))"); // Tried although the field is not left.
        await browser.WaitForAsync("document.getElementById('source-hint').textContent === 'answers' && document.activeElement.id === 'source'");
        await browser.PressAsync("Connect");
        await browser.WaitForAsync("location.hash.endsWith('/check')");
        Assert.Single((await served.GetAsync("/api/v1/migrations")).AsArray());
    }

    [Fact]
    public async Task what_leads_nowhere_says_why_in_the_list_and_can_be_forgotten()
    {
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await using var served = await Served.StartAsync();
        await served.PostAsync("/api/v1/migrations", new { source = target.Uri, target = new UriBuilder(target.Uri) { Path = "/nowhere" }.Uri.ToString() });
        await using var browser = await Browser.StartAsync(390, 844, isDark: true);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));

        await browser.WaitForAsync($"{Listed} === 1 && document.querySelector('main li').innerText.includes('there is no database \"nowhere\"')");
        await browser.PressAsync("forget this");
        await browser.WaitForAsync($"{Listed} === 0");
        Assert.Empty((await served.GetAsync("/api/v1/migrations")).AsArray());
    }

    static async Task WriteAsync(Browser browser, string id, string text)
    {
        await browser.EvaluateAsync($"document.getElementById('{id}').select()");
        await browser.TypeAsync(id, text);
    }

    static async Task IsToldAsync(Browser browser, string id, string told)
    {
        await browser.PressAsync("Connect");
        await browser.WaitForAsync($"document.activeElement.id === '{id}' && document.getElementById('{id}-hint').className === 'hint bad' && document.getElementById('{id}-hint').textContent.includes('{told}')");
        Assert.Equal(2, ((string)(await browser.EvaluateAsync("document.querySelector('main').innerText"))!).Split(told).Length);
        Assert.Equal((0, 0), ((int)(await browser.EvaluateAsync(Errors))!, (int)(await browser.EvaluateAsync(Listed))!));
    }
}

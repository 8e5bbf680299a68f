using System.Text.RegularExpressions;

namespace PgBaton.Tests.Web;

/// <summary>What the page's files may not do, whatever they show.</summary>
public sealed partial class PageFileTests
{
    static readonly string _page = Path.Combine(Directory.GetParent(Cli.HelpTests.Docs)!.FullName, "src", "PgBaton.Web", "Page");

    [Fact]
    public void text_never_becomes_markup_and_nothing_is_inline()
    {
        foreach (var file in Directory.EnumerateFiles(_page))
        {
            var text = File.ReadAllText(file);
            Assert.False(Markup().IsMatch(text), $"{Path.GetFileName(file)}: {Markup().Match(text).Value}");
            if (file.EndsWith(".html", StringComparison.Ordinal))
                Assert.False(Inline().IsMatch(text), Inline().Match(text).Value);
        }
    }

    [Fact]
    public async Task every_module_that_is_imported_is_served()
    {
        await using var served = await Served.StartAsync();
        var wanted = Directory.EnumerateFiles(_page).SelectMany(file => Reference().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().ToList();

        Assert.Contains("/main.js", wanted);
        foreach (var path in wanted)
        {
            using var answer = await served.AskAsync(HttpMethod.Get, path);
            Assert.True(answer.IsSuccessStatusCode, path);
        }
    }

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|createContextualFragment|javascript:", RegexOptions.None)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|<style")]
    private static partial Regex Inline();

    [GeneratedRegex("""(?:from|import\(|href=|src=)\s*"(/[\w.]+)["?]""")]
    private static partial Regex Reference();
}

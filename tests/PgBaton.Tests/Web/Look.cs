using System.Text.Json.Nodes;

namespace PgBaton.Tests.Web;

/// <summary>What must hold of the page whatever it shows: no element without a name, nothing beside the edge, nothing out of a database that became an element.</summary>
sealed class Look(Browser browser, int width)
{
    const string Nameless =
        """
        [...document.querySelectorAll("button, a, input, select, progress, [role=img], [role=region]")].filter(e => e.checkVisibility())
          .filter(e => !(e.innerText?.trim() || e.getAttribute("aria-label") || e.labels?.length)).map(e => e.outerHTML)
        """;

    const string Wide =
        """
        [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".wide, nav, .skip") && e.getBoundingClientRect().right > innerWidth + 1)
          .map(e => e.outerHTML.slice(0, 120))
        """;

    // A name that stands one letter below the other is not read; nor is a step of the bar that is out of sight.
    const string Cramped =
        """
        [...[...document.querySelectorAll("main td:first-child")].filter(e => e.checkVisibility() && e.getBoundingClientRect().width < 90),
         ...[...document.querySelectorAll("nav a[aria-current]")].filter(e => { const r = e.getBoundingClientRect(); return r.left < -1 || r.right > innerWidth + 1; })]
          .map(e => e.outerHTML.slice(0, 120))
        """;

    // The least contrast of text with what is behind it, by WCAG's formula: 4.5 is AA.
    const string Contrast =
        """
        (() => {
          const rgb = text => text.match(/[\d.]+/g).map(Number);
          const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          return [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.disabled && !e.closest("fieldset:disabled") && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .map(e => { const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))]; return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.outerHTML.slice(0, 120)]; })
            .filter(([ratio]) => ratio < 4.5).map(([ratio, html]) => `${ratio.toFixed(2)} ${html}`);
        })()
        """;

    public async Task AtAsync(string stage)
    {
        await browser.PictureAsync($"{stage}-{width}");
        foreach (var (what, script) in new[] { ("has no name", Nameless), ("is beside the edge", Wide), ("is cramped or out of sight", Cramped), ("has too little contrast", Contrast), ("came out of a database", "[...document.images].map(e => e.outerHTML)") })
            Assert.True(((JsonArray)(await browser.EvaluateAsync(script))!).Count == 0, $"{stage}: {what}: {await browser.EvaluateAsync(script)}");
        Assert.Equal(1, (int)(await browser.EvaluateAsync("document.querySelectorAll('h1').length"))!);
        foreach (var id in (string[])["now", "next", "safe"])
            Assert.True((int)(await browser.EvaluateAsync($"document.getElementById('{id}').textContent.length"))! > 1, $"{stage}: {id} says nothing");
    }
}

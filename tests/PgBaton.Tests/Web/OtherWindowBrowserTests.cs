using System.Text.Json.Nodes;

namespace PgBaton.Tests.Web;

/// <summary>The page in a real browser, where another window, or an earlier migration of the same pair, has to do with it.</summary>
public sealed class OtherWindowBrowserTests
{
    [Fact]
    public async Task a_report_is_kept_until_it_is_forgotten_knowingly_and_a_window_of_what_was_forgotten_says_so()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var served = await Served.StartAsync();
        await using var one = await OpenAsync(served);
        await one.WaitForAsync("document.getElementById('next').textContent === 'give two connection strings'");
        var id = (string?)(await served.PostAsync("/api/v1/migrations", new { source = source.Uri, target = target.Uri }))["id"];
        await using var other = await OpenAsync(served);
        await other.WaitForAsync("document.getElementById('next').textContent === 'give two connection strings, or choose a migration'");

        await RunAndAbortAsync(served, id!);
        await one.EvaluateAsync($"location.hash = '#/{id}/cutover'");
        await one.WaitForAsync("document.querySelector('main').innerText.includes('It was aborted') && document.querySelectorAll('nav a[href]').length > 2 && document.querySelector('nav').innerText.includes('✓')");
        Assert.Equal(0, (int)(await one.EvaluateAsync("[...document.querySelectorAll('main button, main h2')].filter(e => e.checkVisibility()).length"))!);
        await RunAsync(served, id!, "pause");
        await other.WaitForAsync("document.getElementById('safe').textContent.startsWith('Yes, but do not forget it')"); // Told where no migration is chosen, too.
        await one.EvaluateAsync($"location.hash = '#/{id}/after'");
        await one.WaitForAsync("[...document.querySelectorAll('main a[download]')].some(e => e.checkVisibility() && /^Report of the migration that was aborted at .*\\d:\\d\\d/.test(e.innerText) && e.href.endsWith('format=html&of=1'))");
        await AbortAsync(served, id!);
        await one.WaitForAsync("[...document.querySelectorAll('main a')].some(e => e.checkVisibility() && e.innerText === 'To Prepare: begin again') && document.querySelectorAll('main li a[download]').length === 1");

        await other.EvaluateAsync("location.reload()");
        await other.PressAsync("forget this");
        await other.WaitForAsync("document.querySelector('main').innerText.includes('Its reports go with it, and there is no other copy')");
        Assert.Single((await served.GetAsync("/api/v1/migrations")).AsArray());
        await other.PressAsync("keep it");
        await other.PressAsync("forget this");
        await other.PressAsync("forget it all the same");
        await one.WaitForAsync("document.querySelector('main').innerText.includes('There is no such migration here any more') && document.getElementById('link').textContent === ''");
        Assert.Empty((await served.GetAsync("/api/v1/migrations")).AsArray());
    }

    [Fact]
    public async Task a_refused_word_is_told_at_the_top_and_each_moment_has_its_sentence()
    {
        await using var served = await Served.StartAsync();
        await using var browser = await OpenAsync(served);
        var told = (string?)await browser.EvaluateAsync(
            """
            Promise.all([import('/after.js'), import('/cutover.js'), import('/api.js')]).then(async ([{ afterPanel }, { cutoverPanel }, { act }]) => {
              const log = { list: document.createElement('ol') };
              const view = (status, more) => ({ id: 'abc', source: 'old.example:5432/shop', target: 'new.example:5433/shop', is_running_here: true, failure: null, words: [], reports: [], last: null, progress: { verifying: null, carried: null },
                status: { name: 'm', state: 'in-sync', step: 'follow', writer: 'source', via: 'relay', engine: {}, paused: false, blockers: [], safe_to_close: true, tables: { total: 2, verified: 1 }, copy: {}, ...status }, ...more });
              const shown = (make, ...views) => { const panel = make({ id: 'abc', log }); document.querySelector('main').replaceChildren(panel.element); for (const one of views) panel.update(one); return panel.element; };
              const has = (element, text) => element.innerText.includes(text);
              const cutting = { words: [{ word: 'cutover', is_done: false, max_downtime_seconds: 12, no_reverse: true }], progress: { verifying: { table: '"t"', all_bytes_done: 1, all_bytes_total: 4 }, carried: null } };
              const aborted = { last: { state: 'aborted', writer: 'source', downtime_seconds: 0.1, has_report: true, ended_at: '2026-01-01T00:00:00Z' }, words: [{ word: 'cutover', is_done: true, outcome: { exit_code: 0, error: null } }, { word: 'abort', is_done: true, outcome: { exit_code: 0, error: null } }] };
              const onTarget = view({ state: 'on-target', step: 'return', writer: 'target', has_way_back: true, downtime_seconds: 0.1 });
              const finished = view({ state: 'none', step: null, writer: 'source' }, { last: { state: 'finished', writer: 'target', has_report: true, source_unlocked: false, ended_at: '2026-01-01T00:00:00Z' } });
              const cut = shown(cutoverPanel, view({}, cutting));
              const facts = [has(cut, 'it gives up and lets them go on after 12 s; the way back is given up'), [...cut.querySelectorAll('progress')].filter(e => e.checkVisibility()).map(e => e.value).join(), document.getElementById('budget').checkVisibility()];
              facts.push(has(shown(cutoverPanel, view({ blockers: [{ code: 'PB1702', message: '' }, { code: 'PB1702', message: '' }] })), '1 table will be verified first'));
              facts.push(has(shown(cutoverPanel, view({ state: 'none', step: null }, aborted)), 'The cutover was ended by the abort'));
              facts.push(has(shown(cutoverPanel, view({ state: 'none', step: null })), 'Nothing has begun yet.'));
              facts.push(has(shown(afterPanel, view({}, cutting)), 'A cutover is being carried out: it is taken back'), has(shown(afterPanel, view({})), 'A cutover is being carried out'));
              facts.push(has(shown(afterPanel, view({ state: 'none', step: null }, aborted)), '100 ms, of the last move'));
              facts.push(has(shown(afterPanel, onTarget), 'There is no abort after the cutover'), has(shown(afterPanel, onTarget), 'Applications connect to the target: host new.example, port 5433, database shop.'));
              const end = shown(afterPanel, finished);
              facts.push(has(end, 'Applications connect to the target: host new.example'), end.querySelector('details pre').textContent.includes('ALTER DATABASE "shop" RESET default_transaction_read_only;'));
              const open = shown(afterPanel, view({ ...onTarget.status, stays_read_only: false }));
              const ask = document.getElementById('finish-name');
              ask.value = 'm';
              ask.dispatchEvent(new Event('input'));
              ask.form.requestSubmit();
              while (!open.querySelector('.error')) await new Promise(resolve => setTimeout(resolve, 20));
              facts.push(has(open, 'The old source cannot be kept read-only') && !has(open, 'The old source stays read-only') && has(open, 'the old source can be written after this'));
              const after = shown(afterPanel, onTarget);
              window.fetch = async () => new Response(JSON.stringify({ code: 'PB0209', message: '"finish" is not possible now: the writers go back', hint: 'See "pgbaton status" for what is possible.' }), { status: 409, headers: { 'Content-Type': 'application/problem+json' } });
              const input = document.getElementById('finish-name');
              input.value = 'm';
              input.dispatchEvent(new Event('input'));
              input.form.requestSubmit();
              while (!after.querySelector('.error')) await new Promise(resolve => setTimeout(resolve, 20));
              facts.push(after.children[1].innerText.split('\n')[0], after.children[1].innerText.includes('The lines above the steps say what is going on'), after.children[1].querySelectorAll('a[href$="/cutover"]').length);
              return facts.join('\n');
            })
            """);
        Assert.Equal(
            """
            true
            0.25
            false
            true
            true
            true
            true
            false
            true
            true
            true
            true
            true
            true
            You asked to finish. That was not done:
            true
            0
            """, told);
    }

    static async Task<Browser> OpenAsync(Served served)
    {
        var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));
        await browser.WaitForAsync("document.querySelector('main h1')");
        return browser;
    }

    static async Task RunAsync(Served served, string id, string? word = null)
    {
        var path = $"/api/v1/migrations/{id}";
        await served.PostAsync($"{path}/run");
        await served.WaitForAsync(path, view => (string?)view["status"]?["state"] == "in-sync");
        if (word is not null)
            await served.PostAsync($"{path}/words/{word}", new { wait = true });
    }

    static async Task AbortAsync(Served served, string id)
    {
        var path = $"/api/v1/migrations/{id}";
        var name = (string?)(await served.GetAsync(path))["status"]!["name"];
        await served.PostAsync($"{path}/words/abort", new { wait = true, confirm = name });
        await served.WaitForAsync(path, view => view["last"] is JsonObject && !(bool)view["is_running_here"]!);
    }

    static async Task RunAndAbortAsync(Served served, string id)
    {
        await RunAsync(served, id);
        await AbortAsync(served, id);
    }
}

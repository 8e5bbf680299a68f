using System.Text.Json.Nodes;
using PgBaton.Tests.Cli;

namespace PgBaton.Tests.Web;

/// <summary>The page in a real browser, where not all goes straight: a wrong password, a step back, a comparison that is stopped, an end from elsewhere.</summary>
public sealed class DetourTests
{
    [Fact]
    public async Task what_is_chosen_stays_and_what_is_refused_is_told_where_it_is_mended()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await source.ExecuteAsync("CREATE TABLE keyless (n int); CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 20000) g; ANALYZE");
        await using var served = await ServeProcess.StartAsync([]);
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        var look = new Look(browser, 1280);
        await browser.GoAsync(served.Address);
        await ConnectAsync(browser, source, target);

        await browser.WaitForAsync("document.body.innerText.includes('1 blocker')");
        await browser.PressAsync("Prepare");
        await TickAsync(browser, "replica_identity_full");
        await browser.PressAsync("Check");
        await browser.WaitForAsync("document.body.innerText.includes('Nothing blocks')");
        await browser.PressAsync("Prepare");
        await browser.WaitForAsync("document.getElementById('replica_identity_full')?.checked");
        await browser.PressAsync("Begin the migration");
        await browser.WaitForAsync("location.hash.endsWith('/follow') && document.querySelector('main').innerText.includes('The target is in step.')");
        await ResumeAtTheCutoverAsync(browser, look);
        await StopComparingAsync(browser, look);
        Assert.EndsWith("/after/abort-name", (string?)await browser.EvaluateAsync("document.querySelector('nav .undo').checkVisibility() ? document.querySelector('nav .undo').href : null"), StringComparison.Ordinal);

        var (exitCode, run) = await CommandProcess.RunWithAsync(new() { ["PGBATON_SOURCE"] = source.Uri, ["PGBATON_TARGET"] = target.Uri }, "abort", "--yes");
        Assert.True(exitCode == 0, run.Error);
        await browser.PressAsync("After");
        await browser.WaitForAsync("document.body.innerText.includes('It was ended from elsewhere') && [...document.querySelectorAll('.log li')].some(line => line.innerText.includes('aborted: everything is undone'))");
        Assert.False((bool)(await browser.EvaluateAsync("document.querySelector('a[download]').checkVisibility()"))!);
        await look.AtAsync("elsewhere");
        Assert.False((bool)(await browser.EvaluateAsync("document.querySelector('nav .undo').checkVisibility()"))!);
        await browser.PressAsync("Copy");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('It was aborted: all that it had made is dropped')");
        await browser.PressAsync("Prepare");
        await browser.WaitForAsync("document.getElementById('replica_identity_full')?.checked && [...document.querySelectorAll('main button')].some(e => e.checkVisibility() && e.innerText === 'Begin the migration')");
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("(Bad Gateway)", StringComparison.Ordinal) && !error.Contains("(Conflict)", StringComparison.Ordinal)); // What was refused.
    }

    // A source whose password is wrong is told at its field, and nobody is taken on to the next step.
    static async Task ConnectAsync(Browser browser, TestDatabase source, TestDatabase target)
    {
        await browser.TypeAsync("source", new UriBuilder(source.Uri) { Password = "wrong" }.Uri.ToString());
        await browser.TypeAsync("target", target.Uri);
        await browser.PressAsync("Connect");
        await browser.WaitForAsync("document.getElementById('source-hint').className === 'hint bad' && document.activeElement.id === 'source'");
        Assert.Equal("", (string?)await browser.EvaluateAsync("location.hash"));
        await browser.EvaluateAsync("document.getElementById('source').select()");
        await browser.TypeAsync("source", source.Uri);
        await browser.PressAsync("Connect");
    }

    static async Task TickAsync(Browser browser, string id)
    {
        await browser.WaitForAsync($"document.getElementById('{id}')?.checkVisibility()");
        await browser.EvaluateAsync($"document.getElementById('{id}').focus()");
        await browser.KeyAsync(" ", " ", 32);
        await browser.WaitForAsync($"document.getElementById('{id}').checked");
    }

    // What is paused says so where it is in the way, and goes on from there.
    static async Task ResumeAtTheCutoverAsync(Browser browser, Look look)
    {
        await browser.PressAsync("After");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('The writers have not moved yet.')");
        await browser.PressAsync("Pause");
        await browser.PressAsync("Cut over");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('It is paused: rows are not read or written')");
        await look.AtAsync("paused");
        await browser.PressAsync("Resume");
        await browser.WaitForAsync("!document.querySelector('main').innerText.includes('It is paused')");
        await browser.PressAsync("Verify");
        await browser.PressAsync("Verify every row");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('2 of 2 tables are equal') && document.querySelectorAll('main td .good').length === 2");
    }

    static async Task StopComparingAsync(Browser browser, Look look)
    {
        await browser.TypeAsync("rate", "1");
        await browser.PressAsync("Verify every row");
        await browser.WaitForAsync("document.getElementById('next').textContent === 'wait: tables are being compared' && document.querySelector('main').innerText.includes('comparing ')");
        await browser.WaitForAsync("[...document.querySelectorAll('main tr')].some(row => row.innerText.includes('equal; waits') && /\\d:\\d\\d/.test(row.innerText))");
        await look.AtAsync("comparing");
        await browser.PressAsync("Stop comparing");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('The comparison was stopped.')");
        Assert.Equal(0, (int)(await browser.EvaluateAsync("document.querySelectorAll('main .error').length"))!);
        await browser.WaitForAsync("document.querySelectorAll('main tbody tr').length === 2 && document.querySelector('main table').innerText.includes('equal; not done by the last comparison')");
        await browser.PressAsync("Follow");
        await browser.WaitForAsync("document.querySelector('main .log .head')?.innerText.startsWith('Following, ')");
        await browser.WaitForAsync("[...document.querySelectorAll('.log li')].some(line => line.innerText.includes('the comparison was stopped'))");
    }

    [Fact]
    public async Task words_of_the_terminal_are_said_as_the_page_can_do_them()
    {
        await using var served = await ServeProcess.StartAsync([]);
        await using var browser = await Browser.StartAsync(390, 844, isDark: true);
        await browser.GoAsync(served.Address);
        await browser.WaitForAsync("document.querySelector('main h1')");
        async Task<string> SayAsync(string text) => (string)(await browser.EvaluateAsync(
            $"import('/hints.js').then(m => m.hint({JsonValue.Create(text).ToJsonString()}, 'abc').innerHTML)"))!;

        Assert.Equal("until <a href=\"#/abc/follow\">Follow: Resume</a>; go on", await SayAsync("until \"pgbaton resume\"; go on"));
        Assert.Equal("leave it out: <a href=\"#/abc/prepare/excluded_tables\">Not these tables</a> public.t", await SayAsync("leave it out: -T public.t"));
        Assert.Equal("no table on the source matches <a href=\"#/abc/prepare/tables\">Only these tables</a> x", await SayAsync("no table on the source matches -t x"));
        Assert.Equal("name their folder (start pgbaton serve with --pg-bin FOLDER).", await SayAsync("name their folder with --pg-bin."));
        Assert.Equal("Compare it with what the target has; or", await SayAsync("Say how much there is (--target-disk), or compare yourself; or"));
        Assert.Equal("Give the password in the connection string; in a URI write / as %2F", await SayAsync("Give the password in the connection string, in PGPASSWORD or in ~/.pgpass (mode 0600); in a URI write / as %2F"));
        Assert.Equal("passed over with <a href=\"#/abc/prepare/ignore\">Go on in spite of these findings</a>.", await SayAsync("passed over with --ignore CODE."));
        Assert.Equal("<a href=\"#/\">See the list under Connect.</a>", await SayAsync("GET /api/v1/migrations lists what is known to this process."));
        Assert.Equal("CREATE DATABASE … ;|and migrate into that; or --existing-schema", (string?)await browser.EvaluateAsync(
            "import('/hints.js').then(m => Object.values(m.parted('CREATE DATABASE … ;  -- and migrate into that; or --existing-schema')).join('|'))"));
        Assert.Equal("Say how much there is (with --target-disk, when it is checked in a terminal), or look.", await SayAsync("Say how much there is (--target-disk), or look."));
        Assert.Equal("Finish or abort that migration first, where it is run. If it is in <a href=\"#/\">the list under Connect</a>, do it there: it is the one whose target is this source.", await SayAsync("Finish or abort that migration first: pgbaton finish --target <this source>."));
        Assert.Equal("not tried: pgbaton carries the changes, and not the servers", await SayAsync("not tried: pgbaton carries the changes, and not the servers (--via subscription)"));
        Assert.Equal("Check the name, which is case-sensitive.", await SayAsync("Check the name, which is case-sensitive; psql -l lists those of the server."));
        Assert.Equal("apply the target's changes to the source until you roll back, or finish", await SayAsync(Migration.Outline.Single(step => step.Name == "return").Summary));
        Assert.Equal("See <a href=\"#/abc\">this page</a>.", await SayAsync("See \"pgbaton status\"."));
        foreach (var (fix, isCode) in new[] { ("GRANT x TO y;  -- on the target", true), ("pgbaton check --pg-bin /opt", true), ("If it is yours:\nALTER TABLE t SET LOGGED;", true), ("Install the client programs of PostgreSQL 17.", false), ("Name it with -T", false), ("SQL alone does not do.", false) })
            Assert.Equal(isCode, (bool)(await browser.EvaluateAsync($"import('/hints.js').then(m => m.isCode({JsonValue.Create(fix).ToJsonString()}))"))!);
    }

    [Fact]
    public async Task who_reads_about_a_code_is_at_no_step_and_a_wrong_link_is_told()
    {
        await using var served = await ServeProcess.StartAsync([]);
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(served.Address);
        await browser.WaitForAsync("document.querySelector('main h1')");
        await browser.EvaluateAsync("location.hash = '#/explain/PB0302'");
        await browser.WaitForAsync("document.querySelector('main h1')?.innerText.includes('PB0302')");
        Assert.Equal(0, (int)(await browser.EvaluateAsync("[...document.querySelectorAll('nav a')].filter(e => e.checkVisibility()).length"))!);
        Assert.DoesNotContain("●", (string?)await browser.EvaluateAsync("document.querySelector('nav').innerText"), StringComparison.Ordinal);
        await browser.EvaluateAsync("location.hash = '#/explain/PB1050/abc'");
        await browser.WaitForAsync("document.querySelector('main a[href=\"#/abc/prepare/replica_identity_full\"]')?.previousSibling.textContent === ' (on this page: '");
        await browser.EvaluateAsync("location.hash = '#/explain/PB1081'");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('hold no rows: --existing-schema (on this page: \"The target has the tables already\")')"); // A sentence of the terminal stays whole.
        await browser.EvaluateAsync("location.hash = '#/explain/PB0104/abc'");
        await browser.WaitForAsync("document.querySelector('main a[href=\"#/abc/connect\"]') && document.querySelector('main').innerText.includes('the password is given in the connection string')");
        await browser.EvaluateAsync("location.hash = '#/abcdef/check'");
        await browser.WaitForAsync("document.querySelector('main h1').innerText === 'Not here' && document.getElementById('now').textContent === 'nothing is chosen' && document.getElementById('route').textContent === 'no migration chosen' && document.getElementById('link').textContent === ''");
        Assert.Equal("#/", (string?)await browser.EvaluateAsync("document.querySelector('main a').getAttribute('href')"));
        await browser.EvaluateAsync("location.hash = '#/explain/PB9999/abc'");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('There is no code PB9999.') && document.querySelector('main a').getAttribute('href') === '#/abc/check'");
        await browser.EvaluateAsync("location.hash = '#/explain/concepts'"); // The words, as a table.
        await browser.WaitForAsync("[...document.querySelectorAll('main td')].some(cell => cell.innerText === 'fence') && document.getElementById('now').textContent === 'reading about the words'");
        await browser.EvaluateAsync("location.hash = '#/explain/PB1084'");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('--target-disk 500GB (in a terminal)')");
        await browser.EvaluateAsync("location.hash = '#/explain/PB1000/abc'");
        await browser.WaitForAsync("document.querySelector('main a[href=\"#/explain/PB1050/abc\"]')");
        await browser.EvaluateAsync("location.hash = '#/explain/PB1033'");
        await browser.WaitForAsync("document.querySelector('main').innerText.includes('In a terminal:')");
    }

    [Fact]
    public async Task what_is_told_fits_the_moment()
    {
        await using var served = await ServeProcess.StartAsync([]);
        await using var browser = await Browser.StartAsync(1280, 900, isDark: false);
        await browser.GoAsync(served.Address);
        await browser.WaitForAsync("document.querySelector('main h1')");
        var told = (string?)await browser.EvaluateAsync(
            """
            import('/now.js').then(now => {
              const status = { state: 'in-sync', step: 'follow', writer: 'source', via: 'relay', engine: {}, tables: { total: 1, verified: 0 }, copy: {} };
              const tell = (...words) => { now.tell({ status, words: words.map(word => ({ word, is_done: false })) }); return ['now', 'next'].map(id => document.getElementById(id).textContent).join(' | '); };
              const over = (step, more) => { Object.assign(status, { step, ...more }); return tell('cutover'); };
              const done = { word: 'rehearsal', is_done: true, outcome: { exit_code: 0 } };
              const tellOf = (more, words) => { now.tell({ status: { ...status, ...more }, words }); return ['now', 'next'].map(id => document.getElementById(id).textContent).join(' | '); };
              const verified = { tables: { total: 1, verified: 1 } };
              return [tellOf(verified, []), tellOf(verified, [done]), tellOf(verified, [{ word: 'drift', is_done: true, outcome: { exit_code: 5 } }]), tellOf({ ...verified, blockers: [{ code: 'PB1702' }] }, []), tellOf({ ...verified, blockers: [{ code: 'PB1703' }] }, []), tellOf({ ...verified, blockers: [{ code: 'PB1705' }] }, []), tellOf({ ...verified, blockers: [{ code: 'PB1701' }] }, []), tell('rehearsal'), tellOf({ writer: 'target', step: 'return' }, [{ word: 'verify', is_done: false }]),
                tellOf({ state: 'copying', step: 'copy', copy: { bytes_done: 9, bytes_total: 9, eta_seconds: 0 } }, []), tellOf({ state: 'copying', step: 'copy', copy: { bytes_done: 1024, bytes_total: 2048, eta_seconds: null } }, []),
                tell('verify', 'cutover'), tell('abort'), tell('verify'), over('sequences', { writer: 'none', state: 'fenced', safe_to_close: false }),
                over('return', { writer: 'target', state: 'on-target', safe_to_close: true, has_way_back: false })].join('\n');
            })
            """);
        Assert.Equal(
            """
            applying the source's changes | rehearse, then cut over
            applying the source's changes | cut over
            applying the source's changes | settle what changed in the schema (Follow: Tables and schema)
            applying the source's changes | rehearse, then cut over
            applying the source's changes | settle what changed in the schema (Follow: Tables and schema)
            applying the source's changes | settle what stands in the way (Cut over)
            applying the source's changes | wait until the target is in step
            a rehearsal of the cutover is being carried out; applying the source's changes | wait: the rehearsal
            a comparison is being carried out; carrying the target's changes back to the source | wait: tables are being compared
            building indexes: all rows are there | wait: the indexes are being built
            copying rows: 1.0 kB of 2.0 kB | wait until the target is in step
            a comparison is being carried out; the cutover comes after it; applying the source's changes | wait: tables are compared first, then the writers move
            undoing: everything the migration made is dropped | wait: everything is being undone
            a comparison is being carried out; applying the source's changes | wait: tables are being compared
            the cutover is being carried out; setting sequences, nobody can write | wait: this takes seconds
            the target is the writer; there is no way back | watch the application; then finish
            """, told);
        var kept = (string?)await browser.EvaluateAsync(
            """
            import('/dom.js').then(dom => {
              const at = (...views) => (code, keep) => {
                const place = document.createElement('div');
                const pass = dom.passing(place, keep);
                pass({ status: { state: 'in-sync', writer: 'source' } });
                place.replaceChildren(dom.error({ code, message: 'no' }));
                for (const status of views) pass({ status });
                return place.children.length;
              };
              const [lifted, moved] = [at({ state: 'fenced', writer: 'none' }, { state: 'in-sync', writer: 'source' }), at({ state: 'fenced', writer: 'none' }, { state: 'on-target', writer: 'target' })];
              return [lifted('PB0703', 0), lifted('PB0209', 0), moved('PB0703', 0), moved('PB0209')].join();
            })
            """);
        Assert.Equal("1,0,0,1", kept); // Why a cutover failed stays after its fence was lifted; what was refused for the very change stays to be read.
    }
}

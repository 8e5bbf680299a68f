namespace PgBaton.Tests.Web;

/// <summary>The tables under Copy and Verify in a real browser: what is done with each, in one order.</summary>
public sealed class RowsBrowserTests
{
    [Fact]
    public async Task what_is_done_with_a_table_stands_in_its_row_and_rows_keep_one_order()
    {
        await using var served = await Served.StartAsync();
        await using var browser = await Browser.StartAsync(390, 844, isDark: false);
        await browser.GoAsync(new Uri(served.Address, $"/?token={Served.Token}"));
        await browser.WaitForAsync("document.querySelector('main h1')");
        var told = (string?)await browser.EvaluateAsync(
            """
            Promise.all([import('/copying.js'), import('/verify.js')]).then(async ([{ copyPanel }, { verifyPanel }]) => {
              const tables = [{ table: 'shop.a', rows: 5, bytes: 10, seconds: 1 }, { table: 'shop.b', rows: 5, bytes: 10, seconds: 1 }, { table: 'shop.c', rows: null }, { table: 'shop.d', rows: null }];
              const runs = [[1, 3, 'copy'], [5, 9, 'copy'], [9, 9, 'follow']].map(([from, to, step]) => ({ step, started_at: `2026-01-01T00:00:0${from}Z`, ended_at: `2026-01-01T00:00:0${to}Z` }));
              const verifications = ['shop.b', 'shop.a'].map(table => ({ table, rows: 5, is_equal: true, at: '2026-01-01T00:00:00Z', lsn: null, differences: [], difference_count: 0 }));
              window.fetch = async () => new Response(JSON.stringify({ tables, verifications, objects: [], steps: [{ name: 'copy', done_at: '2026-01-01T00:00:09Z' }], runs }), { headers: { 'Content-Type': 'application/json' } });
              const view = (status, progress, words = []) => ({ id: 'abc', pace: 3, is_running_here: true, failure: null, words, reports: [], last: null, progress: { copying: [], verifying: null, carried: null, ...progress },
                status: { name: 'm', state: 'copying', step: 'copy', writer: 'source', via: 'relay', engine: {}, paused: false, tables: { total: 4, copied: 0, verified: 0 }, copy: { bytes_done: 1, bytes_total: 9, eta_seconds: null, building: [] }, ...status } });
              const rows = element => [...element.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent).join('|'));
              const settle = () => new Promise(resolve => setTimeout(resolve, 100));
              const shown = async (make, one) => { const panel = make({ id: 'abc', view: {} }); document.querySelector('main').replaceChildren(panel.element); panel.update(one); await settle(); return panel; };

              const moving = { copying: [{ table: 'shop.d', bytes_done: 1, bytes_total: 4 }] };
              const copy = await shown(copyPanel, view({}, moving));
              copy.update(view({ copy: { bytes_done: 1, bytes_total: 9, eta_seconds: null, building: [{ table: 'shop.b', phase: 'building', done_share: null }] } }, moving));
              await settle();
              const facts = [...rows(copy.element), copy.element.querySelector('td').innerHTML, document.getElementById('pace').value, copy.element.innerText.includes('2 of 4')];
              copy.update(view({}, moving));
              facts.push(rows(copy.element)[1], copy.element.innerText.includes('Copying took 6.0 s, with the indexes that were built beside it, in 2 runs;'));
              copy.update({ ...view({}, moving), pace: 7 });
              facts.push(document.getElementById('pace').value);
              copy.update(view({ state: 'none', step: null }, {})); // Another one begins.
              facts.push(rows(copy.element).length, copy.element.innerText.includes('Copying took'));

              const verify = await shown(verifyPanel, view({ state: 'in-sync', step: 'follow' }, { verifying: { table: 'shop.c', all_bytes_done: 1, all_bytes_total: 4 } }, [{ word: 'verify', is_done: false, max_rate: 2000000, at: '2026-01-02T00:00:00Z' }]));
              verify.happened({ happened: { event: 'delta_verified' }, at: '2026-01-01T00:00:00Z', text: 'verified again inside the fence' });
              facts.push(...rows(verify.element).map(row => row.replace(/1 Jan[^|]*/, 'then')), document.getElementById('rate').value, /1 Jan, .*: verified again inside the fence/.test(verify.element.innerText));
              const bar = () => verify.element.querySelector('progress').checkVisibility();
              facts.push(bar());
              verify.update({ ...view({ state: 'none', step: null, tables: { total: 0, verified: 0 } }, {}), last: { state: 'finished', has_report: true } });
              facts.push(bar());
              return facts.join('\n');
            })
            """);
        Assert.Equal(
            """
            shop.a|5|10 B|10 B/s|copied
            shop.b|5|10 B|10 B/s|building its indexes
            shop.c||||waits
            shop.d||1 B of 4 B||
            shop.<wbr>a
            3
            true
            shop.b|5|10 B|10 B/s|copied
            true
            7
            0
            false
            shop.a|5|equal; waits|then|–
            shop.b|5|equal; waits|then|–
            shop.c||being compared||
            shop.d||waits||
            2
            true
            true
            false
            """, told);
    }
}

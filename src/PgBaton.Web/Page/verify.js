// Every row of both sides, at one point of the source's history.
import { pausedNote } from "/copying.js";
import { el, Looks, numberOf, passing, Rows, say, show } from "/dom.js";
import { act, get, post } from "/api.js";
import { comparing, isBeginning, isVerifying, waits } from "/now.js";
import { count, moment } from "/words.js";

function verdict(one) {
  const keys = one.differences.map(row => row.key).filter(Boolean).join(", ");
  return el("span", { class: one.is_equal ? "good strong" : "bad strong" }, one.is_equal ? "equal" : `differs${one.difference_count === null ? "" : ` in ${count(one.difference_count)}`}${one.reason ? `: ${one.reason}` : ""} ${keys}`);
}

export function verifyPanel({ id }) {
  const place = el("div");
  const verify = el("button", { class: "first", type: "button" }, "Verify every row");
  const repair = el("button", { type: "button" }, "Verify and repair");
  show(repair, false);
  const stop = el("button", { class: "danger", type: "button" }, "Stop comparing");
  const paused = pausedNote(id);
  const early = el("p", { class: "quiet gone" }, "Rows can be compared once they are there: when the target follows.");
  const pass = passing(place);
  const other = el("p", { class: "hint gone" }, "The cutover, or the way back, compares what is not verified. ", el("a", { href: `#/${id}/cutover` }, "To Cut over: cancel it"));
  const summary = el("p", { role: "status" });
  const onward = el("p", { class: "gone" }, el("a", { href: `#/${id}/cutover` }, "To Cut over"));
  const bar = el("progress", { max: "1", value: "0", "aria-label": "bytes compared" });
  const rate = el("input", { id: "rate", class: "number", type: "number", min: "1", placeholder: "no limit" });
  const table = new Rows("verified tables", [{ name: "table" }, { name: "rows", isNumber: true, isExtra: true }, { name: "result" }, { name: "all rows compared" }, { name: "at LSN", isNumber: true, isExtra: true }]);
  const again = el("p", { class: "hint" }); // What a move has looked at once more.
  const told = new Map(); // The newest result of each table.
  let comparingNow = null; // The table.
  let verified = null; // How many, when the report was asked last.
  let isFresh = true; // The report is of after the last comparison.
  let wasBusy = false;
  let isFirst = true; // What is under way then, began before this window looked.
  let comparison = null; // That is under way, or was the last one here.
  const latest = new Map(); // When each table was compared.

  function forget() {
    for (const one of [told, latest, table]) one.clear();
    [comparison, comparingNow, verified] = [null, null, null];
    say(again, "");
  }

  const looks = new Looks();

  const run = isRepairing => async () => {
    const most = numberOf(rate);
    await looks.after(post(`/migrations/${id}/words/verify`, { wait: true, repair: isRepairing, max_rate: most === null ? null : most * 1000000 }));
    verified = null;
  };
  verify.addEventListener("click", act(verify, place, run(false)));
  repair.addEventListener("click", act(repair, place, run(true)));
  stop.addEventListener("click", act(stop, place, () => looks.after(post(`/migrations/${id}/words/cancel`, { wait: true }))));

  async function refresh() {
    const report = await get(`/migrations/${id}/report`);
    isFresh = true;
    const results = new Map(report.verifications.map(one => [one.table, one]));
    const names = [...new Set([...report.tables.map(one => one.table), ...results.keys()])];
    for (const name of names) tell(name, results.get(name));
    table.arrange(names);
    show(repair, report.verifications.some(one => !one.is_equal));
  }

  function tell(name, one) {
    const isOfThis = comparison === null || (one && one.at !== comparison.former.get(name) && !(Date.parse(one.at) < comparison.since));
    const note = name === comparingNow ? "being compared" : isOfThis ? "" : wasBusy ? "waits" : isFresh ? "not done by the last comparison" : "";
    if (one) latest.set(name, one.at);
    told.set(name, one);
    const cell = el("span", {}, one ? verdict(one) : note ? null : "not compared yet", note ? el("span", { class: "quiet" }, one ? `; ${note}` : note) : null);
    table.set(name, [name, one ? count(one.rows) : "", cell, one?.at ? moment(one.at) : "", one ? one.lsn ?? "–" : ""]);
  }

  // Only two rows change.
  function tellComparing(name) {
    const former = comparingNow;
    comparingNow = name;
    if (former === name) return;
    for (const one of [former, name]) if (told.has(one)) tell(one, told.get(one));
  }

  // That with which the comparison runs, whoever has begun it here.
  function showRate({ words }) {
    const rateNow = words.findLast(one => one.word === "verify" && !one.is_done)?.max_rate;
    if (rateNow && rate.value === "" && rate !== document.activeElement) rate.value = String(rateNow / 1000000);
  }

  return {
    element: el("div", {}, el("h1", {}, "Verify"), el("p", {}, "Compares every row, not counts, while the applications go on writing. Both sides are read at the same logical point."),
      el("label", { for: "rate" }, "Read at most so many MB a second on each side"), rate, el("div", { class: "buttons" }, verify, repair, stop), paused, early, other, place, summary, onward, bar, again, table.element),
    update(view) {
      const status = view.status;
      looks.look();
      if (!status) return;
      show(onward, status.writer === "source" && status.step === "follow" && status.tables.total > 0 && status.tables.verified === status.tables.total);
      pass(view);
      const isMoving = ["cutover", "rollback"].some(name => waits(view, name) || status.word === name);
      if (isBeginning(view)) forget();
      const doing = status.paused ? null : view.progress.verifying; // Of what was measured before the pause nothing goes on.
      const busy = !status.paused && (isVerifying(view) || Boolean(doing));
      show(paused, status.paused);
      show(early, ["checking", "copying"].includes(status.state) && !status.paused);
      show(stop, isVerifying(view) && !isMoving); // That one would be taken back instead.
      show(other, busy && isMoving);
      verify.disabled = repair.disabled = busy || isMoving || status.paused || status.state === "none" || status.state === "copying" || status.state === "checking";
      const { total, verified: equal } = status.tables;
      showRate(view);
      tellComparing(doing?.table ?? null);
      say(summary, doing ? comparing(doing)
        : total > 0 && equal === 0 && latest.size === 0 ? "No table has been compared yet."
        : total > 0 ? `${count(equal)} of ${count(total)} tables are equal.`
        : status.state === "none" && view.last ? view.last.has_report ? "The migration is over; this is what was compared." : "The migration is over." : "There are no tables yet.", total > 0 && equal === total ? "good strong" : "");
      if (busy && !doing) say(summary, "comparing …", "");
      if (busy !== wasBusy) {
        wasBusy = busy;
        isFresh = busy;
        verified = null;
        // A move compares only what is not verified: what is, does not wait.
        if (busy) comparison = isMoving ? null : { former: new Map(latest), since: isFirst ? Date.parse(view.words.findLast(word => word.word === "verify" && !word.is_done)?.at) : NaN };
        for (const [name, one] of [...told]) tell(name, one);
      }
      isFirst = false;
      show(bar, busy || total > 0); // What is over is told by the list.
      bar.value = busy && !doing ? 0 : doing && doing.all_bytes_total > 0 ? doing.all_bytes_done / doing.all_bytes_total : total > 0 ? equal / total : 0;
      const counted = `${equal} of ${total}`;
      if (verified !== counted && (status.state !== "none" || view.last?.has_report)) {
        verified = counted;
        refresh().catch(() => { verified = null; });
      }
    },
    forget,
    happened({ happened, at, text }) {
      if (happened.event === "delta_verified") say(again, `${moment(at)}: ${text}.`);
      if (happened.event === "table_verified" || happened.event === "verify_stopped") verified = null;
    },
  };
}

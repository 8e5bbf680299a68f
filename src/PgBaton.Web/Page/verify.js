// Every row of both sides, at one point of the source's history.
import { pausedNote } from "/copying.js";
import { el, numberOf, passing, Rows, say, show } from "/dom.js";
import { act, get, post } from "/api.js";
import { comparing, isVerifying, waits } from "/now.js";
import { count } from "/words.js";

export function verifyPanel({ id }) {
  const place = el("div");
  const verify = el("button", { class: "first", type: "button" }, "Verify every row");
  const repair = el("button", { type: "button" }, "Verify and repair");
  show(repair, false);
  const stop = el("button", { class: "danger", type: "button" }, "Stop comparing");
  const paused = pausedNote(id);
  const pass = passing(place);
  const other = el("p", { class: "hint gone" }, "The cutover, or the way back, compares what is not verified. ", el("a", { href: `#/${id}/cutover` }, "To Cut over: cancel it"));
  const summary = el("p", { role: "status" });
  const bar = el("progress", { max: "1", value: "0", "aria-label": "bytes compared" });
  const rate = el("input", { id: "rate", class: "number", type: "number", min: "1", placeholder: "no limit" });
  const table = new Rows("verified tables", [{ name: "table" }, { name: "rows", isNumber: true, isExtra: true }, { name: "result" }, { name: "at LSN", isNumber: true, isExtra: true }]);
  let verified = -1;
  let wasBusy = false;

  const run = isRepairing => async () => {
    const most = numberOf(rate);
    await post(`/migrations/${id}/words/verify`, { wait: true, repair: isRepairing, max_rate: most === null ? null : most * 1000000 });
    verified = -1;
  };
  verify.addEventListener("click", act(verify, place, run(false)));
  repair.addEventListener("click", act(repair, place, run(true)));
  stop.addEventListener("click", act(stop, place, () => post(`/migrations/${id}/words/cancel`, { wait: true })));

  async function refresh() {
    const report = await get(`/migrations/${id}/report`);
    for (const one of report.verifications) {
      const keys = one.differences.map(row => row.key).filter(Boolean).join(", ");
      const cell = el("span", { class: one.is_equal ? "good strong" : "bad strong" }, one.is_equal ? "equal" : `differs${one.difference_count === null ? "" : ` in ${count(one.difference_count)}`}${one.reason ? `: ${one.reason}` : ""} ${keys}`);
      table.set(one.table, [one.table, count(one.rows), cell, one.lsn ?? ""]);
    }
    show(repair, report.verifications.some(one => !one.is_equal));
  }

  return {
    element: el("div", {}, el("h1", {}, "Verify"), el("p", {}, "Compares every row, not counts, while the applications go on writing. Both sides are read at the same logical point."),
      el("label", { for: "rate" }, "Read at most so many MB a second on each side"), rate, el("div", { class: "buttons" }, verify, repair, stop), paused, other, place, summary, bar, table.element),
    update(view) {
      const status = view.status;
      if (!status) return;
      pass(view);
      const isMoving = ["cutover", "rollback"].some(name => waits(view, name) || status.word === name);
      const busy = isVerifying(view) || Boolean(view.progress.verifying);
      show(paused, status.paused);
      show(stop, isVerifying(view) && !isMoving); // That one would be taken back instead.
      show(other, busy && isMoving);
      verify.disabled = repair.disabled = busy || isMoving || status.paused || status.state === "none" || status.state === "copying" || status.state === "checking";
      const { total, verified: equal } = status.tables;
      const doing = view.progress.verifying;
      say(summary, doing ? comparing(doing)
        : total > 0 ? `${count(equal)} of ${count(total)} tables are equal.`
        : status.state === "none" && view.last ? "The migration is over; its report has what was compared." : "There are no tables yet.", total > 0 && equal === total ? "good strong" : "");
      if (busy && !doing) say(summary, "comparing …", "");
      if (busy !== wasBusy) {
        if (busy) for (const name of table.rows.keys()) table.set(name, [name, "", "waits", ""]); // The former result is not this one's.
        else verified = -1;
        wasBusy = busy;
      }
      bar.value = busy && !doing ? 0 : doing && doing.all_bytes_total > 0 ? doing.all_bytes_done / doing.all_bytes_total : total > 0 ? equal / total : 0;
      if (!busy && verified !== equal && status.state !== "none") {
        verified = equal;
        refresh().catch(() => { verified = -1; });
      }
    },
    happened({ happened }) {
      if (happened.event === "table_verified" && wasBusy) table.set(happened.table, [happened.table, count(happened.rows), happened.is_equal ? "equal" : "differs", ""]);
    },
  };
}

// Who is the writer; back, or the end.
import { el, facts, passing, say, show } from "/dom.js";
import { confirmed } from "/cutover.js";
import { hold } from "/copying.js";
import { comparing, waits } from "/now.js";
import { duration, many } from "/words.js";

function wayBack(doing) {
  return doing ? `What is not verified is verified before the way back: ${comparing(doing)}`
    : "The writers are on their way back to the source; the log below tells how far.";
}

// Who went back to the source writes there already.
function ended(last) {
  if (!last.has_report) return `It was ended from elsewhere: the journal is gone. The writer was the ${last.writer} when this page last saw it.`;
  if (last.state === "aborted") return "It was aborted: what the migration had made is dropped, and the source is the writer. The report is kept here as long as this pgbaton process runs.";
  const isLeft = last.state === "finished" && last.writer === "target";
  const source = !isLeft ? "" : last.source_unlocked ? " The old source may be written again." : " The old source stays read-only.";
  return `It is over. The journal is gone; the report is kept here as long as this pgbaton process runs.${source}`;
}

export function afterPanel({ id, log }) {
  const holding = hold(id);
  const place = el("div");
  const told = facts("writer", "downtime", "state", "written there since");
  const back = confirmed(id, "rollback", "Roll back to the source", "danger", place);
  const unlock = el("input", { id: "unlock", type: "checkbox" });
  const finish = confirmed(id, "finish", "Finish", "first", place, () => ({ unlock_source: unlock.checked }));
  const abort = confirmed(id, "abort", "Abort: undo everything", "danger", place);
  const report = el("a", { class: "button", href: `/api/v1/migrations/${id}/report?format=html`, download: "pgbaton-report.html" }, "Download the report");
  const going = el("p", { class: "strong", role: "status" });
  const isBack = el("section", {}, el("h2", {}, "Roll back"), el("p", {}, "Moves the writers back to the source, without losing what they wrote on the target."), going, back.element);
  const isEnd = el("section", {}, el("h2", {}, "Finish"), el("p", {}, "Gives up the way back and drops all that pgbaton made on both servers. The old source stays read-only, so that nobody writes there by mistake."),
    el("label", { class: "tick" }, unlock, el("span", {}, "Let the old source be written again")), finish.element);
  const isAbort = el("section", {}, el("h2", {}, "Abort"), el("p", {}, "Drops everything the migration made, on both servers. The source stays the writer."), abort.element);
  const isThere = el("p", { class: "good strong gone", role: "status" }, "The way back is done: the source is the writer again, with all that was written on the target.");
  const before = el("p", { class: "strong gone", role: "status" });
  const none = el("p", { class: "warn strong gone" }, "There is no way back: it was given up with the cutover. What is written on the target stays there alone.");
  const pass = passing(place);
  const over = el("p", { class: "good strong", role: "status" });

  function tellFacts(shown, carried) {
    say(told.values.writer, shown?.writer ?? "–");
    say(told.values.downtime, `${duration(shown?.downtime_seconds)}${shown?.state === "rolled-back" ? ", of the way back" : ""}`);
    say(told.values["written there since"], carried ? `${many(carried.changes, "change")}, carried back to the source` : "–");
    say(told.values.state, shown ? `${shown.state}${shown.paused ? ", paused" : ""}` : "nothing has begun");
  }

  return {
    element: el("div", {}, el("h1", {}, "After"), over, before, isThere, none, told.element, holding.element, el("div", { class: "buttons" }, report), isBack, isEnd, isAbort, place, el("h2", {}, "What happened"), log.list),
    update(view) {
      holding.update(view);
      pass(view);
      show(isThere, view.status?.state === "rolled-back");
      for (const one of [back, finish, abort]) one.update(view);
      const status = view.status;
      if (!status) return;
      const isOver = status.state === "none";
      const isOnTarget = status.writer === "target" && !isOver;
      const isEnding = isOver && !view.last && view.was; // What came of it is not told yet: the former values are the best there is.
      if (!isEnding) tellFacts(isOver ? view.last : status, isOnTarget ? view.progress.carried : null);
      show(report, !isOver || Boolean(view.last?.has_report));
      const isReturning = waits(view, "rollback");
      say(going, isReturning ? wayBack(view.progress.verifying) : "");
      show(back.element, !isReturning);
      show(isBack, isReturning || (isOnTarget && status.state === "on-target" && status.has_way_back !== false));
      show(none, isOnTarget && status.has_way_back === false);
      const isBefore = !isOver && status.writer === "source" && status.state !== "rolled-back";
      say(before, isBefore ? "The writers have not moved yet. After the cutover this is where you go back, or finish." : isOver && !view.last ? "Nothing has begun yet." : "");
      show(before, before.textContent !== "");
      show(isEnd, isOnTarget);
      show(isAbort, !isOver && status.writer !== "target");
      say(over, isOver && view.last ? ended(view.last) : "", view.last?.state === "finished" ? "good strong" : "warn strong");
    },
  };
}

// Who is the writer; back, or the end.
import { el, facts, passing, say, show } from "/dom.js";
import { confirmed } from "/cutover.js";
import { hold } from "/copying.js";
import { meaning } from "/log.js";
import { comparing, isMoving, isUndoing, waits } from "/now.js";
import { duration, many, moment } from "/words.js";

function wayBack(doing) {
  return doing ? `What is not verified is verified before the way back: ${comparing(doing)}`
    : "The writers are on their way back to the source; the log below tells how far.";
}

// Who went back to the source writes there already.
function ended(last) {
  if (!last.has_report) return `It was ended from elsewhere: the journal is gone. The writer was the ${last.writer} when this page last saw it.`;
  if (last.state === "aborted") return "It was aborted: what the migration had made is dropped, and the source is the writer. The report is kept here as long as this pgbaton process runs, also when it is begun again.";
  const isLeft = last.state === "finished" && last.writer === "target";
  const source = !isLeft ? "" : last.source_unlocked ? " The old source may be written again." : " The old source stays read-only, so that nobody writes there by mistake.";
  return `It is over. The journal is gone; the report is kept here as long as this pgbaton process runs.${source}`;
}

// host:port/database, as the process has it.
const whereOf = address => {
  const [, host, port, database] = /^(.+):(\d+)\/(.*)$/.exec(address) ?? [];
  return host ? `host ${host}, port ${port}, database ${database}` : address;
};

// Where the applications belong, once the writers have moved.
function connectTo({ status, last, source, target }) {
  const writer = status.state === "none" ? last?.writer : status.writer;
  if (isMoving(status) || status.step === "return" && status.writer === "none") return "";
  if (writer === "target") return `Applications connect to the target: ${whereOf(target)}.`;
  return status.state === "rolled-back" && source ? `Applications connect to the source: ${whereOf(source)}.` : "";
}

// What was set by the cutover, where its owner may, and stays after finish.
function reopening() {
  const told = el("pre");
  const element = el("details", { class: "gone" }, el("summary", {}, "How to open the old source for writing"), el("p", {}, "On the old source, as the owner of the database. Its sequences stand where those of the target stood when it was finished, as far as our role may set them. Of what was written on the target it has the rows up to then, if the way back was kept; nothing is carried to it any more."), told);
  return {
    element,
    update({ status, last, source }) {
      show(element, status.state === "none" && last?.state === "finished" && last.writer === "target" && !last.source_unlocked);
      const database = (/\/(.*)$/.exec(source ?? "")?.[1] ?? "…").replaceAll('"', '""');
      say(told, `SET default_transaction_read_only = off;\nALTER DATABASE "${database}" RESET default_transaction_read_only;`);
    },
  };
}

const ends = { finished: "was finished", aborted: "was aborted" };

// Where this window has not seen the moves.
const ofWhich = { "rolled-back": ", of the way back", aborted: ", of the last move" };

// Reports of earlier migrations between these two, the newest first.
function formerReports(id) {
  const list = el("ul");
  const element = el("section", { class: "gone" }, el("h2", {}, "Earlier reports"), list);
  let shown = "";
  return {
    element,
    update({ status, last, reports }) {
      const isOver = status?.state === "none" && last?.has_report;
      const former = reports.map((one, i) => ({ ...one, number: i + 1 })).filter(one => !(isOver && one.ended_at === last.ended_at)).reverse();
      const key = JSON.stringify(former);
      if (key === shown) return;
      shown = key;
      show(element, former.length > 0);
      list.replaceChildren(...former.map(one => el("li", {}, el("a", { href: `/api/v1/migrations/${id}/report?format=html&of=${one.number}`, download: true },
        `Report of the migration that ${ends[one.state] ?? "ended"} at ${moment(one.ended_at)}`))));
    },
  };
}

// There is none once the target has the rows of the applications.
const noAbort = ({ has_way_back: hasWayBack }) => hasWayBack === false ? "There is no abort after the cutover, and the way back was given up: Finish is what is left."
  : "There is no abort after the cutover: what was written on the target would be lost. Roll back first, which loses nothing; then it can be aborted.";

export function afterPanel({ id, log }) {
  const holding = hold(id);
  const place = el("div");
  const told = facts("writer", "downtime", "state", "written there since");
  const back = confirmed(id, "rollback", "Roll back to the source", "danger", place);
  const unlock = el("input", { id: "unlock", type: "checkbox" });
  const finish = confirmed(id, "finish", "Finish", "first", place, () => {
    if (mayBeWritten && !unlock.checked) throw { code: "", message: "the old source can be written after this", hint: "Agree to that with the tick \"Let the old source be written again\"." };
    return { unlock_source: unlock.checked };
  });
  const abort = confirmed(id, "abort", "Abort: undo everything", "danger", place);
  const report = el("a", { class: "button", href: `/api/v1/migrations/${id}/report?format=html`, download: true }, "Download the report");
  const going = el("p", { class: "strong", role: "status" });
  const isBack = el("section", {}, el("h2", {}, "Roll back"), el("p", {}, "Moves the writers back to the source, without losing what they wrote on the target."), going, back.element);
  const stays = el("span", {}, "The old source stays read-only, so that nobody writes there by mistake.");
  const opened = el("p", { class: "warn strong gone" }, "The old source cannot be kept read-only, because only a part of its database was moved, or our role does not own it: after Finish, what an application still writes there is accepted, and is on no other server. See that none comes there any more, and agree with the tick. ",
    el("a", { href: `#/explain/PB0802/${id}`, target: "_blank", rel: "noopener" }, "What PB0802 means"));
  const gives = el("span", {}, "Gives up the way back. ");
  const isEnd = el("section", {}, el("h2", {}, "Finish"), el("p", {}, gives, "Drops all that pgbaton made on both servers. ", stays), opened,
    el("label", { class: "tick" }, unlock, el("span", {}, "Let the old source be written again")), finish.element);
  const meanwhile = el("p", { class: "warn strong gone" }, "A cutover is being carried out: it is taken back, and the copy on the target is dropped.");
  const isAbort = el("section", {}, el("h2", {}, "Abort"), el("p", {}, "Drops everything the migration made, on both servers. The source stays the writer."), meanwhile, abort.element);
  const tooLate = el("p", { class: "quiet gone", id: "no-abort" });
  const where = el("p", { class: "strong" });
  const reopen = reopening();
  const former = formerReports(id);
  const prepare = el("a", { href: `#/${id}/prepare` });
  const begin = el("p", { class: "gone" }, prepare);
  const isThere = el("p", { class: "good strong gone", role: "status" }, "The way back is done: the source is the writer again, with all that was written on the target. ", el("a", { href: `#/${id}/cutover` }, "To Cut over: rehearse, or cut over again"));
  const before = el("p", { class: "strong gone", role: "status" });
  const none = el("p", { class: "warn strong gone" }, "There is no way back: it was given up with the cutover. What is written on the target stays there alone.");
  const pass = passing(place);
  const over = el("p", { class: "good strong", role: "status" });

  let mayBeWritten = false; // The old source, once it is finished.
  let moves = []; // Of the writers, in their order.

  function tellFacts(shown, carried, isUndone) {
    say(told.values.writer, shown?.writer ?? "–");
    say(told.values.downtime, moves.length > 1 ? moves.map(one => `${duration(one.downtime_seconds)} ${one.event === "source_opened" ? "back" : "there"}`).join(", ")
      : `${duration(shown?.downtime_seconds)}${shown?.downtime_seconds ? ofWhich[shown.state] ?? "" : ""}`);
    say(told.values["written there since"], carried ? carried.changes > 0 ? `${many(carried.changes, "change")}, carried back to the source` : "nothing yet: are the applications connected to it?" : "–");
    say(told.values.state, shown ? isUndone ? "being undone" : `${shown.state}${shown.paused ? ", paused" : ""}` : "nothing has begun");
  }

  return {
    element: el("div", {}, el("h1", {}, "After"), place, over, begin, before, isThere, none, where, reopen.element, told.element, holding.element, el("div", { class: "buttons" }, report), former.element, isBack, isEnd, isAbort, tooLate, el("h2", {}, "What happened"), meaning(), log.list),
    update(view) {
      holding.update(view);
      pass(view);
      former.update(view);
      show(isThere, view.status?.state === "rolled-back");
      for (const one of [back, finish, abort]) one.update(view);
      const status = view.status;
      if (!status) return;
      const isOver = status.state === "none";
      const isOnTarget = status.writer === "target" && !isOver;
      const isEnding = isOver && !view.last && view.was; // What came of it is not told yet: the former values are the best there is.
      const isUndone = !isOver && isUndoing(view);
      if (!isEnding) tellFacts(isOver ? view.last : status, isOnTarget ? view.progress.carried : null, isUndone);
      show(report, !isOver || Boolean(view.last?.has_report));
      const isReturning = waits(view, "rollback");
      say(going, isReturning ? wayBack(view.progress.verifying) : "");
      show(back.element, !isReturning);
      show(isBack, isReturning || (isOnTarget && status.state === "on-target" && status.has_way_back !== false));
      show(none, isOnTarget && status.has_way_back === false);
      const isBefore = !isOver && status.writer === "source" && status.state !== "rolled-back" && !view.words.some(one => one.word === "rollback");
      const known = [[isUndone, "It is being undone: what the migration has made is dropped on both servers. The source is the writer."],
        [isBefore, "The writers have not moved yet. After the cutover this is where you go back, or finish."], [isOver && !view.last, "Nothing has begun yet."]];
      say(before, known.find(([holds]) => holds)?.[1] ?? "");
      show(before, before.textContent !== "");
      show(gives, status.has_way_back !== false);
      mayBeWritten = status.stays_read_only === false;
      show(stays, !mayBeWritten);
      show(opened, mayBeWritten);
      show(isEnd, isOnTarget);
      show(isAbort, !isOver && status.writer !== "target" && !isReturning && !isUndone);
      show(meanwhile, status.writer !== "target" && (waits(view, "cutover") || status.word === "cutover" || isMoving(status)));
      show(tooLate, isOnTarget);
      say(tooLate, isOnTarget ? noAbort(status) : "");
      say(where, connectTo(view));
      show(where, where.textContent !== "");
      reopen.update(view);
      say(prepare, view.last ? "To Prepare: begin again" : "To Prepare");
      show(begin, isOver && (!view.last || view.last.state === "aborted" || view.last.writer === "source"));
      say(over, isOver && view.last ? ended(view.last) : "", view.last?.state === "finished" ? "good strong" : "warn strong");
    },
    forget: () => { moves = []; },
    happened({ happened }) {
      if (["target_opened", "source_opened"].includes(happened.event)) moves.push(happened);
    },
  };
}

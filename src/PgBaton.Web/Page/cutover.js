// Blockers, a rehearsal, and the cutover itself, which wants the migration's name.
import { pausedNote } from "/copying.js";
import { el, numberOf, passing, say, show } from "/dom.js";
import { act, post } from "/api.js";
import { hint } from "/hints.js";
import { heading, meaning } from "/log.js";
import { comparing, isDrifted, isMoving, isVerifiedFirst, isVerifying, waits } from "/now.js";
import { standing } from "/over.js";
import { duration, many } from "/words.js";

const asked = { cutover: "cut over", rollback: "roll back", finish: "finish", abort: "abort" };

// A field for the name, and a button that works once it is right.
export function confirmed(id, word, title, kind, place, body = () => ({})) {
  const input = el("input", { id: `${word}-name`, type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": `${word}-told` });
  const label = el("label", { for: `${word}-name` }, "Type the migration's name to be sure");
  const told = el("p", { id: `${word}-told`, class: "hint", role: "status" });
  const button = el("button", { class: kind, type: "submit", disabled: true }, title);
  let name = null;
  const form = el("form", {}, label, input, told, el("div", { class: "buttons" }, button));
  input.addEventListener("input", () => {
    const typed = input.value.trim();
    button.disabled = typed !== name;
    const isBeginning = Boolean(name?.startsWith(typed));
    say(told, typed === name ? "That is its name." : !isBeginning ? "That is not its name." : typed ? "Go on: that is not all of it yet." : "", isBeginning ? "hint" : "hint bad");
  });
  form.addEventListener("submit", async event => {
    await act(button, place, async () => {
      await post(`/migrations/${id}/words/${word}`, { wait: true, confirm: input.value.trim(), ...body() });
      if (word !== "cutover") window.scrollTo({ top: 0 }); // What came of it stands there; that of a cutover below.
    }, `You asked to ${asked[word]}. That was not done:`)(event);
    input.value = "";
    say(told, "", "hint");
    button.disabled = true;
  });
  return {
    element: form,
    update(view) {
      name = view.status?.name ?? null;
      say(label, name ? `Type the migration's name (${name}) to be sure` : "There is no migration");
    },
  };
}

const drifted = id => el("article", { class: "finding blocker" }, el("p", { class: "strong" }, "The schema of the source has changed, and the target does not have it."), el("p", {}, el("a", { href: `#/${id}/follow/schema` }, "To Follow: settle it under Tables and schema")));

// As it began.
const isPart = ({ begun_with: begun }) => ["schemas", "excluded_schemas", "tables", "excluded_tables"].some(name => begun?.[name]?.length > 0);

const titles = { decided: ({ writer }) => writer === "target" ? "Cutover to the target" : "Way back to the source", fence_lifted: () => "Not moved: the writers carried on" };

// A live timeline: unlike the log, the oldest first.
const timeline = ["fence_set", "sessions_ended", "marker_applied", "delta_verified", "sequences_set", "reverse_started", "decided", "target_opened", "source_opened", "fence_lifted"];

// The newest order of this process to move the writers, if the next one was to abort before it had been carried out.
function isEndedByAbort(view) {
  const [move, abort] = view.words.filter(one => ["cutover", "rollback", "abort"].includes(one.word)).slice(-2);
  const code = move?.outcome?.error?.code;
  return move?.word === "cutover" && abort?.word === "abort" && (!move.is_done || code === undefined || code === "PB0208");
}

// A bar beside what is said of a comparison.
function comparisonBar(isOf) {
  const told = el("p", { class: "quiet" });
  const bar = el("progress", { max: "1", value: "0", "aria-label": `bytes compared before ${isOf}` });
  return {
    element: el("div", {}, told, bar),
    tell(isShown, doing) {
      for (const one of [told, bar]) show(one, isShown);
      if (!isShown) return;
      say(told, doing ? `Before it: ${comparing(doing)}` : "Before it: comparing …");
      bar.value = doing?.all_bytes_total > 0 ? doing.all_bytes_done / doing.all_bytes_total : 0;
    },
  };
}

// What it would cost was found before something else was done with the tables or the writers.
const isStale = (words, at) => Date.parse(words.findLast(one => ["cutover", "rollback", "tables", "drift"].includes(one.word))?.at) > at;

// With what it was asked for, in whichever window.
function termsOf({ words }) {
  const { max_downtime_seconds: most, no_reverse: isOneWay } = words.findLast(one => one.word === "cutover" && !one.is_done) ?? {};
  return most === undefined ? "" : `Under way. Once writers wait, it gives up and lets them go on after ${duration(most)}${isOneWay ? "; the way back is given up" : ""}.`;
}

// What came of it; how the whole migration ended is told above. Who goes back first and aborts then has cut over all the same.
function outcomeOf({ status, last, words }) {
  if (last?.state === "aborted" && status.state === "none") return [isEndedByAbort({ words }) ? "The cutover was ended by the abort: the writers did not move." : "", "strong warn"];
  const move = words.findLast(one => one.word === "cutover");
  if (status.writer === "source" && move?.outcome?.error?.code === "PB0702") return [`The cutover was taken back. ${move.outcome.error.detail ?? ""}`, "strong"];
  if (last?.state === "finished" && last.writer === "target" && status.state === "none") return [`Nobody could write for ${duration(last.downtime_seconds)} when the writers moved to the target.`, "strong good"];
  return [status.state !== "none" && status.writer === "target" ? `The target is the writer. Nobody could write for ${duration(status.downtime_seconds)}.` : "", "strong good"];
}

export function cutoverPanel({ id, log }) {
  const place = el("div");
  const blockers = el("div");
  const rehearse = el("button", { type: "button" }, "Rehearse");
  const rehearsed = el("p", { role: "status" });
  const [busy, ahead] = [comparisonBar("the rehearsal"), comparisonBar("the cutover")]; // Below the heading of what was asked for.
  const over = standing(id);
  const terms = el("p", { class: "quiet" });
  const cancel = el("button", { class: "danger", type: "button" }, "Cancel the cutover");
  const budget = el("input", { id: "budget", class: "short", type: "number", min: "1", max: "3600", value: "30" });
  const noReverse = el("input", { id: "no-reverse", type: "checkbox" });
  const go = confirmed(id, "cutover", "Cut over", "first", place, () => ({ max_downtime_seconds: numberOf(budget) ?? 30, no_reverse: noReverse.checked }));
  const fence = el("ol", { class: "log whole", "aria-live": "polite", "aria-label": "the cutover" });
  const order = el("p", { class: "hint gone" }, "As it went, the first at the top:");
  const outcome = el("p", { class: "strong", role: "status" });
  const ask = el("div", {}, el("label", { for: "budget" }, "Give up and lift the fence after seconds"), budget,
    el("label", { class: "tick" }, noReverse, el("span", {}, "Give up the way back", el("span", { class: "quiet" }, " What is written on the target afterwards could not be carried to the source any more."))), el("p", { class: "hint" }, "What is chosen here goes with a cutover that is asked for in this window; another window has its own."), go.element);
  const onward = el("p", {}, el("a", { href: `#/${id}/after` }, "To After: roll back, or finish"));
  const part = el("p", { class: "warn gone" }, "Only a part of the source's database is moved, so that the database stays writable as a whole: writes to the moved tables are refused there after the cutover, but a client that looks for a writable server by itself (target_session_attrs=read-write) still finds the source. Give the applications the target's address.");
  const first = el("section", {}, el("h2", {}, "What stands in the way"), blockers, el("h2", {}, "Rehearse"),
    el("p", {}, "Does all of it but the fence and the decision, and says what downtime it would cost."), el("div", { class: "buttons" }, rehearse), rehearsed, busy.element);
  const title = el("h2", {}, "Cut over");
  const pass = passing(place);
  let key = "";
  const seen = new Set();
  let rehearsedAt = 0;
  let move = null; // The heading of the newest.

  const showTimeline = () => [order, fence].forEach(one => show(one, seen.size > 0));

  function forget() {
    seen.clear();
    fence.replaceChildren();
    say(rehearsed, "");
    showTimeline();
  }

  rehearse.addEventListener("click", act(rehearse, place, async () => {
    say(rehearsed, "rehearsing …");
    try {
      await post(`/migrations/${id}/words/cutover`, { wait: true, rehearse: true });
    } catch (failure) {
      say(rehearsed, "");
      throw failure;
    }
  }));
  cancel.addEventListener("click", act(cancel, place, () => post(`/migrations/${id}/words/cancel`, { wait: true })));

  return {
    element: el("div", {}, el("h1", {}, "Cut over"),
      el("p", {}, "Tables that are not verified are verified first, while everything runs. Then, without another question, writers wait while the last changes go over, and the target is the writer. Sessions that still write then, or hold a transaction open, are ended. If anything fails before the decision, the source goes on as if nothing had happened. A write that waits at the fence until the target is the writer ends with an error, and has to be tried again there."),
      place, over.element, outcome, onward, part, first, title, terms, ahead.element, ask, el("div", { class: "buttons" }, cancel), order, fence, meaning()),
    update(view) {
      const status = view.status;
      if (!status) return;
      go.update(view);
      pass(view);
      const list = status.blockers;
      const isBefore = status.writer === "source" && status.state !== "none";
      const unverified = status.tables.total - status.tables.verified;
      const newKey = JSON.stringify([list, isBefore, status.paused, unverified, isDrifted(view)]);
      if (key !== newKey) {
        key = newKey;
        blockers.replaceChildren(...(!isBefore ? [] : status.paused ? [pausedNote(id)] : isDrifted(view) ? [drifted(id)]
          : list === null ? [el("p", { class: "quiet" }, "Not known at this moment; it is asked while the target follows.")]
          : list.every(isVerifiedFirst) ? [el("p", { class: "good strong" }, list.length === 0 ? "Nothing stands in the way." : `Nothing stands in the way; ${many(unverified, "table")} will be verified first.`)]
          : list.filter(one => !isVerifiedFirst(one)).slice(0, 20).map(one => el("article", { class: "finding blocker" }, el("p", { class: "strong" }, `${one.code}: ${one.message}`), hint(one.fix, id)))));
      }
      const [isCutting, isRehearsing] = ["cutover", "rehearsal"].map(name => waits(view, name));
      rehearse.disabled = !isBefore || status.step !== "follow" || status.paused || isCutting || isRehearsing;
      const doing = view.progress.verifying;
      const isComparing = isBefore && !isMoving(status) && Boolean(doing || isVerifying(view));
      busy.tell(isRehearsing && isComparing, doing);
      ahead.tell(isCutting && isBefore && !isMoving(status) && (isComparing || unverified > 0), doing);
      over.update(view);
      say(terms, isCutting && status.writer !== "target" ? termsOf(view) : "");
      show(first, isBefore && !isMoving(status) && !isCutting);
      show(title, isBefore || status.writer === "none");
      show(ask, isBefore && !status.paused && !isCutting);
      show(part, isPart(view) && status.state !== "none");
      show(onward, status.writer === "target");
      show(cancel, status.writer === "none" || (isBefore && isCutting));
      showTimeline();
      if (isStale(view.words, rehearsedAt)) say(rehearsed, "");
      say(outcome, ...outcomeOf(view));
    },
    forget,
    happened(entry) {
      const { event } = entry.happened;
      if (event === "rehearsed") rehearsedAt = Date.parse(entry.at);
      if (event === "rehearsed") say(rehearsed, `A cutover now would keep writers waiting for about ${duration(entry.happened.expected_downtime_seconds)}. Nothing was closed, nothing stays.`, "good strong");
      if (event === "decided") { // What it would cost was of then, and so was what was chosen.
        say(rehearsed, "");
        noReverse.checked = false;
      }
      if (timeline.includes(event) && !seen.has(entry.seq)) {
        seen.add(entry.seq);
        if (event === "fence_set") fence.append(move = heading("The writers move", entry.at));
        if (move && titles[event]) move.firstChild.data = titles[event](entry.happened);
        fence.append(log.line(entry));
        showTimeline();
      }
    },
  };
}

// Every table with its bytes, rate and time left.
import { el, facts, Looks, numberOf, Rows, say, show, Trouble } from "/dom.js";
import { act, get, post, put } from "/api.js";
import { planOf, range } from "/planned.js";
import { isBeginning, isToSettle, isUndoing } from "/now.js";
import { standing } from "/over.js";
import { bytes, count, duration } from "/words.js";

// The pace of the last few seconds.
export class Pace {
  constructor(seconds = 8) { [this.seconds, this.samples] = [seconds, []]; }

  add(done) {
    const now = performance.now() / 1000;
    if (done < this.samples.at(-1)?.[1]) this.samples = []; // Parts that were on their way have begun again.
    this.samples.push([now, done]);
    while (this.samples.length > 2 && now - this.samples[0][0] > this.seconds) this.samples.shift();
  }

  get perSecond() {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    return last[0] - first[0] > 1 ? (last[1] - first[1]) / (last[0] - first[0]) : null;
  }
}

// What keeps it from going on, and the buttons that hold it and let it go.
export function hold(id) {
  const place = el("div");
  const pause = el("button", { type: "button" }, "Pause");
  const resume = el("button", { class: "first", type: "button" }, "Resume");
  const run = el("button", { class: "first", type: "button" }, "Go on with it here");
  const failure = new Trouble();
  const looks = new Looks();
  pause.addEventListener("click", act(pause, place, () => looks.after(post(`/migrations/${id}/words/pause`, { wait: true }))));
  resume.addEventListener("click", act(resume, place, () => looks.after(post(`/migrations/${id}/words/resume`, { wait: true }))));
  run.addEventListener("click", act(run, place, () => post(`/migrations/${id}/run`)));
  let was = "";
  return {
    element: el("div", {}, failure.element, el("div", { class: "buttons" }, run, pause, resume), place),
    update(view) {
      looks.look();
      const status = view.status;
      const isBegun = Boolean(status) && status.state !== "none";
      run.classList.toggle("first", !isToSettle(view)); // It would stop again.
      failure.set(view.last && !isBegun ? null : view.failure ?? (status?.engine ? null : status?.last_error)); // What is over needs no mending.
      if (!status) return; // Where the target does not answer for a moment, the buttons stay where they are.
      const is = `${status.state} ${status.paused}`;
      if (was !== is) place.replaceChildren(); // What was refused before may be allowed now.
      was = is;
      show(run, isBegun && !view.is_running_here && !status.engine && status.via !== "subscription");
      show(pause, isBegun && !status.paused && status.writer === "source" && (Boolean(status.engine) || view.is_running_here)); // Where nobody works, there is nothing to hold.
      show(resume, isBegun && status.paused && !isUndoing(view));
    },
  };
}

// What cannot be done while it is paused.
export function pausedNote(id) {
  const place = el("div");
  const resume = el("button", { type: "button" }, "Resume");
  resume.addEventListener("click", act(resume, place, () => post(`/migrations/${id}/words/resume`, { wait: true })));
  return el("div", {}, el("p", { class: "warn strong" }, "It is paused: rows are not read or written, so nothing can be compared or moved. Resume it first."), el("div", { class: "buttons" }, resume), place);
}

// More connections, or fewer: what has not arrived begins again, what has stays.
function pace(id) {
  const place = el("div");
  const jobs = el("input", { id: "pace", class: "number", type: "number", min: "1", max: "64" });
  let known = null; // What stands in the field until something else is typed.
  const change = el("button", { type: "button" }, "Change the pace");
  change.addEventListener("click", act(change, place, () => put(`/migrations/${id}/pace`, { jobs: numberOf(jobs) ?? 1 })));
  const element = el("div", {}, el("label", { for: "pace" }, "Connections to each side (fewer go easier on the source)"), el("div", { class: "buttons" }, jobs, change), place);
  return {
    element,
    update(view) {
      if (view.pace !== known && (jobs.value === String(known ?? "") || view.status?.state === "none")) jobs.value = view.pace;
      known = view.pace;
      jobs.disabled = change.disabled = !(view.is_running_here && view.status?.state === "copying");
    },
  };
}

// What is on its way and would begin again. The page does not see which parts of a table have arrived: at most so much.
function costOf(status, moving) {
  const bytesDone = status.state === "copying" ? moving.reduce((sum, one) => sum + one.bytes_done, 0) : 0;
  return bytesDone > 0 ? `Pausing or changing the pace now begins up to ${bytes(bytesDone)} anew: the parts on their way.` : "";
}

// What it came to, beside what was expected. The log tells of the last run alone.
function tookOf({ steps, runs }, plan) {
  if (!steps.find(one => one.name === "copy")?.done_at) return "";
  const copies = runs.filter(one => one.step === "copy");
  const seconds = copies.reduce((sum, one) => sum + (Date.parse(one.ended_at) - Date.parse(one.started_at)) / 1000, 0);
  return `Copying took ${duration(seconds)}, with the indexes that were built beside it${copies.length > 1 ? `, in ${copies.length} runs; what lay between them is not counted` : ""}${plan ? `; for the rows the estimate was: ${range(plan.sizes.copy_seconds)}` : ""}.`;
}

// Of what is made once rows are there; what waits for the cutover is not counted.
function madeOf(objects) {
  const kinds = objects.filter(one => /INDEX|CONSTRAINT/.test(one.kind) && one.outcome !== "waits");
  const sum = some => some.reduce((total, one) => total + one.count, 0);
  return kinds.length === 0 ? "–" : `${count(sum(kinds.filter(one => one.outcome !== null)))} of ${count(sum(kinds))} built`;
}

const indexOf = ({ table, phase, done_share: share }) => `on ${table}, ${phase}${share === null ? "" : ` (${Math.round(100 * share)} %)`}`;

export function copyPanel({ id, view: first }) {
  const speed = pace(id);
  const holding = hold(id);
  const cost = el("p", { class: "hint" });
  const bar = el("progress", { max: "1", value: "0", "aria-label": "rows copied" });
  const over = standing(id);
  const told = facts("rows' bytes", "rate", "time left", "tables", "indexes and keys");
  const built = el("p", { class: "hint line" }); // What stands below it must not move.
  const took = el("p", { class: "hint" });
  const sizes = el("p", { class: "hint" }, "Above, bytes as the tables lie on the source's disk; below, as they go over the network, which is more or less than that.");
  const table = new Rows("tables", [{ name: "table" }, { name: "rows", isNumber: true, isExtra: true }, { name: "bytes", isNumber: true }, { name: "rate", isNumber: true, isExtra: true }, { name: "left", isNumber: true }]);
  const paces = new Map();
  const reported = new Map(); // Each table as the report had it last.
  const drawn = new Map(); // What stands in each row by it: of a thousand tables few change at a time.
  let making = ""; // Tables whose indexes are being built.
  let copied = -1;
  let moving = [];
  let [newest, toTell] = [null, null]; // The index that was built last: told with the count that knows it.
  let shown = first; // The newest view with a status, once something is asked of the report.
  let refreshed = 0;
  let generation = 0; // Which migration it is of.

  function forget() {
    generation++;
    [newest, toTell, making, copied, moving] = [null, null, "", -1, []];
    for (const one of [paces, reported, drawn]) one.clear();
    table.clear();
    for (const one of [took, built]) say(one, "");
    say(told.values["indexes and keys"], "–");
  }

  function paceOf(name) {
    if (!paces.has(name)) paces.set(name, new Pace());
    return paces.get(name);
  }

  // Was on its way in an earlier view, and is not now: it has arrived, or has to begin again. The report knows which.
  const isLeft = name => paces.has(name) && !moving.some(one => one.table === name);

  function tellOverall(view) {
    const { copy, paused } = view.status;
    const { bytes_done: done, bytes_total: total } = copy;
    bar.value = total > 0 ? done / total : 0;
    say(told.values["rows' bytes"], `${bytes(done)} of ${bytes(total)}`);
    const unknown = moving.length > 0 ? "being measured" : "–";
    say(told.values.rate, done >= total ? "–" : paused ? "paused" : copy.eta_seconds > 0 ? `${bytes((total - done) / copy.eta_seconds)}/s` : unknown); // That with which the time left was reckoned.
    say(told.values["time left"], done >= total && total > 0 ? "the rows are there" : paused ? "paused" : copy.eta_seconds === null ? unknown : duration(copy.eta_seconds));
    tellCopied();
  }

  async function refresh() {
    refreshed = performance.now();
    const of = generation;
    const report = await get(`/migrations/${id}/report`);
    if (of !== generation) return; // It was of an earlier migration.
    const left = new Set([...paces.keys()].filter(isLeft));
    for (const name of left) paces.delete(name);
    say(took, tookOf(report, await planOf(shown).catch(() => null)));
    newest = toTell;
    say(told.values["indexes and keys"], madeOf(report.objects));
    const isOf = new Set(making.split("\n"));
    for (const one of report.tables) {
      reported.set(one.table, one);
      if (one.rows !== null || left.has(one.table) || !table.rows.has(one.table)) tellTable(one, isOf.has(one.table));
    }
    table.arrange(report.tables.map(one => one.table));
    tellCopied();
    tellBuilding(shown.status);
  }

  // The report is newer than the status beside it.
  function tellCopied() {
    const { copied: known, total } = shown.status.tables;
    const there = [...reported.values()].filter(one => one.rows !== null).length;
    say(told.values.tables, `${count(Math.max(known, there))} of ${count(total)}`);
  }

  function tellTable({ table: name, rows, bytes: size, seconds }, isBuilding) {
    const state = isBuilding ? "building its indexes" : rows === null ? "waits" : "copied";
    const key = `${rows} ${size} ${state}`; // Of a table that is not copied yet, the size of what has arrived.
    if (drawn.get(name) === key) return;
    drawn.set(name, key);
    table.set(name, rows === null ? [name, "", size ? `${bytes(size)} so far` : "", "", state] : [name, count(rows), bytes(size), seconds > 0 ? `${bytes(size / seconds)}/s` : "", state]);
  }

  // Of a table that is on its way the bytes are told, whatever is built beside them.
  function tellMaking({ copy: { building } }) {
    const now = [...new Set(building.map(one => one.table))].sort().join("\n");
    if (now === making) return;
    const [was, is] = [making, now].map(names => new Set(names.split("\n")));
    making = now;
    for (const name of new Set([...was, ...is]))
      if (reported.has(name) && !moving.some(one => one.table === name)) tellTable(reported.get(name), is.has(name));
  }

  function tellBuilding({ copy: { building } }) {
    const done = newest ? `The newest: ${newest.object}, in ${duration(newest.seconds)}.` : "";
    say(built, building.length > 0 ? `Being built: ${building.map(indexOf).join("; ")}` : done);
  }

  let soon = null; // Many indexes may be built in a second, and tables that arrive bring the report anyway.
  function refreshSoon() {
    soon ??= setTimeout(() => {
      soon = null;
      if (performance.now() - refreshed < 3000) refreshSoon();
      else refresh().catch(() => {});
    }, 3000);
  }

  return {
    element: el("div", {}, el("h1", {}, "Copy"), el("p", {}, "Rows first; the indexes of a table as soon as its rows are there, foreign keys at the end."), over.element, holding.element, cost, speed.element, bar, told.element, sizes, built, took, table.element),
    update(view) {
      holding.update(view);
      speed.update(view);
      const status = view.status;
      if (!status) return;
      shown = view;
      if (isBeginning(view)) forget(); // Nothing of it has happened yet: what is here was of an earlier one.
      moving = status.paused ? [] : view.progress.copying; // Of what was measured before the pause nothing is on its way.
      over.update(view);
      show(speed.element, ["slot", "pre-data", "copy", "post-data"].includes(status.step));
      for (const one of [bar, told.element, built, took, sizes]) show(one, status.state !== "none");
      tellOverall(view);
      tellBuilding(status);
      tellMaking(status);
      say(cost, costOf(status, moving));
      for (const one of moving) {
        drawn.delete(one.table);
        const pace = paceOf(one.table);
        pace.add(one.bytes_done);
        const rate = pace.perSecond;
        table.set(one.table, [one.table, "", `${bytes(one.bytes_done)} of ${bytes(one.bytes_total)}`, rate === null ? "" : `${bytes(rate)}/s`,
          rate > 0 ? duration(Math.max(0, one.bytes_total - one.bytes_done) / rate) : ""]);
      }
      if ((status.tables.copied !== copied || [...paces.keys()].some(isLeft)) && (status.state !== "none" || view.last?.has_report)) {
        copied = status.tables.copied;
        refresh().catch(() => { copied = -1; });
      }
    },
    forget,
    happened({ happened }) {
      if (happened.event !== "index_built") return;
      toTell = happened;
      refreshSoon();
    },
  };
}

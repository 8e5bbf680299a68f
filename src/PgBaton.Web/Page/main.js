// Which migration and which step the address names; one stream of events for it.
import { afterPanel } from "/after.js";
import { checkPanel } from "/checks.js";
import { connectPanel } from "/connect.js";
import { copyPanel } from "/copying.js";
import { cutoverPanel } from "/cutover.js";
import { el, error, say } from "/dom.js";
import { explainPanel } from "/explain.js";
import { followPanel } from "/follow.js";
import { get } from "/api.js";
import { Log } from "/log.js";
import { preparePanel } from "/prepare.js";
import { stageOf, Stages, stages } from "/stages.js";
import { subjectOf, tell } from "/now.js";
import { verifyPanel } from "/verify.js";

const panels = { check: checkPanel, prepare: preparePanel, copy: copyPanel, follow: followPanel, verify: verifyPanel, cutover: cutoverPanel, after: afterPanel };
const content = document.getElementById("content");
const link = document.getElementById("link");
const side = new Stages(document.getElementById("stages"));
const log = new Log();

let id = null;
let chosen = "connect";
let view = null;
let panel = null;
let stream = null;
let entries = [];
let furthest = null;
let noted = {}; // What stopped it and how it ended, as far as the log has it.
let code = null; // What the page of a code is about.

const go = hash => { location.hash = hash; };

function draw() {
  tell(view, code);
  side.show(view, chosen, code !== null);
  say(document.getElementById("route"), view ? `${view.source ?? "?"} → ${view.target}` : code ? `about ${subjectOf(code)}` : "no migration chosen");
  document.title = view ? `${view.status?.state ?? "…"} · pgbaton` : "pgbaton";
  if (view) panel?.update(view);
}

function open(make) {
  panel = make({ id, view, go, log });
  content.replaceChildren(panel.element);
  for (const entry of entries) panel.happened?.(entry);
  draw();
}

// Whoever watches the copy is taken along to Follow, once: what comes then is for them to begin.
function follow(next) {
  const place = name => stages.findIndex(stage => stage.name === name);
  const at = place(stageOf(next));
  const isNew = furthest !== null && at > furthest;
  if (isNew && chosen === "copy" && place(chosen) >= furthest && at > place(chosen)) go(`#/${id}/follow`);
  furthest = next.status?.state === "none" ? null : Math.max(furthest ?? at, at); // The next migration has all of it before it.
}

const gone = "it was taken from the list, or pgbaton was started again. Nothing was undone on the servers by that. If the migration is not over, give both connection strings again to go on with it.";

// It does answer: there is no such migration, or it was taken from the list.
async function isUnknown(asked) {
  try {
    await get(`/migrations/${asked}`);
  } catch (problem) {
    if (problem.code !== "PB0043" || asked !== id) return problem.code === "PB0043";
    const [title, told] = view ? ["Not here any more", `There is no such migration here any more: ${gone}`] : ["Not here", `No migration has that address here: it was never listed, or ${gone}`];
    leave(el("div", {}, el("h1", {}, title), el("p", { role: "status" }, told), el("p", {}, el("a", { href: "#/" }, "To the list of migrations"))));
    return true;
  }
  return false;
}

// The address names nothing that could be shown.
function leave(instead) {
  content.replaceChildren(instead);
  [id, view, panel] = [null, null, null];
  listen();
  say(link, "");
  draw();
}

function listen() {
  stream?.close();
  stream = null;
  if (!id) return;
  stream = new EventSource(`/api/v1/migrations/${id}/events`);
  stream.addEventListener("open", () => say(link, ""));
  stream.addEventListener("error", async event => {
    if (event.target === stream && await isUnknown(id)) return;
    if (event.target !== stream || stream.readyState === EventSource.OPEN) return;
    say(link, "pgbaton does not answer; trying again");
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
  stream.addEventListener("view", event => {
    const was = view?.status && view.status.state !== "none" ? view.status.state : view?.was;
    view = JSON.parse(event.data);
    const isFirst = Object.keys(noted).length === 0;
    view.was = view.last ? null : was; // What this window has seen it do before its journal went.
    if (view.status?.state === "none") log.seen.clear(); // Another journal counts anew.
    follow(view);
    if (isFirst) setTimeout(noteEnds, 1000); // Below it, what happened before.
    else noteEnds();
    draw();
  });
  stream.addEventListener("happened", event => {
    const entry = JSON.parse(event.data);
    if (entry.seq < entries.at(-1)?.seq) forget();
    entries.push(entry);
    if (entries.length > 500) entries.shift();
    log.add(entry);
    panel?.happened?.(entry);
  });
}

// Another journal counts anew: what is shown was of an earlier migration.
function forget() {
  entries = [];
  panel?.forget?.();
}

const ends = { aborted: ["aborted: everything is undone on both servers", "Undone"], finished: ["finished: both servers are cleaned", "The end"], ended: ["ended from elsewhere: the journal is gone", "The end"] };

// The journal has no event for its own end, nor for what stopped the work before there was one.
function noteEnds() {
  if (!view) return;
  const stopped = view.failure ?? (view.status?.engine || view.is_running_here ? null : view.status?.last_error);
  noteStopped(stopped ? `stopped: ${stopped.code}: ${stopped.message}` : null);
  const end = view.last?.ended_at ?? null;
  if (noted.end === end) return;
  noted.end = end;
  const [text, title] = ends[view.last?.state] ?? [];
  if (text) log.note(text, "strong", new Date(end), title);
}

// An event of the journal tells it better, and may still be on its way.
function noteStopped(text) {
  const at = "stopped" in noted ? new Date() : null;
  if (noted.stopped === text) return;
  noted.stopped = text;
  if (text) setTimeout(() => { if (noted.stopped === text && !entries.some(one => one.text === text)) log.note(text, "bad", at); }, 1500);
}

async function route() {
  const [, wanted, stage, field] = location.hash.match(/^#\/(\w+)(?:\/(\w+))?(?:\/([\w-]+))?$/) ?? [];
  code = wanted === "explain" ? stage : null;
  if (wanted === "explain") {
    [id, view, panel] = [null, null, null];
    listen();
    draw();
    content.replaceChildren(explainPanel(stage, field).element);
    return;
  }
  if (wanted !== (id ?? undefined)) {
    [id, view, entries, furthest] = [wanted ?? null, null, [], null];
    log.clear();
    noted = {};
    listen();
  }
  if (id && !view) {
    const asked = location.hash;
    try {
      const known = await get(`/migrations/${id}`);
      if (location.hash !== asked) return; // The visitor has gone on meanwhile.
      view ??= known;
    } catch (problem) {
      if (location.hash === asked && !await isUnknown(wanted)) leave(error(problem));
      return;
    }
  }
  chosen = !id ? "connect" : stage ?? stageOf(view);
  open(panels[chosen] && view ? panels[chosen] : connectPanel);
  reach(field);
}

// A link may lead to a part of a step, also to that which the address names already.
function reach(field) {
  (document.getElementById(field) ?? content).focus({ preventScroll: !field });
  panel?.reach?.(field);
}

window.addEventListener("hashchange", route);
document.addEventListener("click", event => {
  const hash = event.target.closest("a")?.hash;
  const field = hash === location.hash && /^#\/\w+\/\w+\/([\w-]+)$/.exec(hash)?.[1];
  if (field) reach(field);
});
route();

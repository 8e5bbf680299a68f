// Two connection strings; each is tried once it is pasted, or its field is left. In between it would be tried with half a password.
import { el, error, explained, say, show } from "/dom.js";
import { act, call, get, post } from "/api.js";
import { spoken } from "/hints.js";
import { tellKnown, whySilent } from "/now.js";
import { providerForm } from "/provider.js";

function field(id, title, hint) {
  const input = el("input", { id, type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off", required: true, "aria-describedby": `${id}-hint` });
  const told = el("p", { id: `${id}-hint`, class: "hint", role: "status" }, hint);
  return { input, told, hint, element: el("div", {}, el("label", { for: id }, title), input, told) };
}

const worst = { blocker: 0, warning: 1, notice: 2, ok: 3 };
let latest = 0;

// A database may be named like a side.
const isOfTarget = message => /\b(?:of|to) the target\b/.test(message);

// What stands below a field keeps its place: the button that is being pressed must not move.
function tell(field, text, kind) {
  field.told.style.minHeight = `${field.told.offsetHeight}px`;
  say(field.told, spoken(text), kind);
}

// Each at its field, and nowhere else; the first of those fields is returned.
function refuse(fields, problems) {
  for (const one of fields) tell(one, one.hint, "hint");
  const at = problems.map(({ side, message, hint, code }) => {
    const field = side ?? fields[isOfTarget(message) ? 1 : 0];
    tell(field, `${message}. ${hint ?? ""} `, "hint bad");
    if (code) field.told.append(explained(code));
    return field;
  });
  return fields.find(one => at.includes(one));
}

// An error about the source may tell that the target does not answer either.
function parted(problem, [, target]) {
  const other = /Neither does the target answer: (.*)\.$/s.exec(problem.detail ?? "")?.[1];
  return other ? [problem, { message: other, side: target }] : [problem];
}

// The source is asked by itself; the target only with it. An answer to what has been typed over since is none.
async function attempt(fields, body) {
  if (!body.source && !body.migration) return;
  const [source, target] = fields;
  const number = ++latest;
  for (const one of fields) if (one.input.value) tell(one, "trying …", "hint");
  try {
    const { findings } = await post("/check", body);
    if (number !== latest) return;
    const bad = findings.filter(one => one.group === "connection").sort((a, b) => worst[a.severity] - worst[b.severity]).find(one => one.severity === "blocker");
    const answer = (field, isBad) => tell(field, isBad ? `${bad.message}. ${bad.fix ?? ""}` : "answers", isBad ? "hint bad" : "hint good");
    answer(source, bad && !isOfTarget(bad.message));
    if (body.target || body.made || body.migration) answer(target, bad && isOfTarget(bad.message));
  } catch (problem) {
    if (number !== latest) return;
    refuse(fields, parted(problem, fields));
  }
}

// Why the source does not answer; before a migration has begun, and where the target does not know, nobody else asks it.
async function silentSource(view, source) {
  if (view.status && view.status.state !== "none") return view.status.source_error ? { message: view.status.source_error } : null;
  if (!source && view.status_error) return null; // It is the one that was known.
  try {
    await post("/check", { ...(source ? { source } : { migration: view.id }), only: ["PB1001"] });
    return null;
  } catch (problem) {
    return problem;
  }
}

function toldOf(view) {
  const both = `${view.source ?? "?"} → ${view.target}`;
  return view.status?.state === "none" && view.last && view.last.state !== "aborted" ? `${both}: that move is over. Give the strings of another one.`
    : `Now: ${both}. Give another string to use another password, another server or other settings; a field that is left empty stays with what is known.`;
}

// What may stand in the list although nothing comes of it any more.
function known(all, take) {
  return el("ul", {}, all.map(view => {
    const state = view.status?.state;
    const told = `${state ?? whySilent(view.status_error)}${view.status?.paused ? ", paused" : ""}`;
    const place = el("span");
    const forget = el("button", { class: "small", type: "button", "aria-label": `forget ${view.target}` }, "forget this");
    const isIdle = !view.is_running_here && (!state || state === "none");
    forget.addEventListener("click", () => view.reports.length === 0 ? take(view, forget) : askFirst(view, place, forget, take));
    return el("li", {}, el("a", { href: `#/${view.id}` }, `${view.source ?? "?"} → ${view.target}`),
      ` ${view.last ? view.last.state : state === "none" ? "not begun" : told} `, isIdle ? forget : null, place);
  }));
}

// Nobody else has the report.
function askFirst(view, place, pressed, take) {
  const all = el("button", { class: "small danger", type: "button" }, "forget it all the same");
  const keep = el("button", { class: "small", type: "button" }, "keep it");
  all.addEventListener("click", () => take(view, all));
  keep.addEventListener("click", () => {
    place.replaceChildren();
    show(pressed, true);
    pressed.focus();
  });
  show(pressed, false);
  place.replaceChildren(` Its ${view.reports.length === 1 ? "report goes" : "reports go"} with it, and there is no other copy: `, el("a", { href: `#/${view.id}/after` }, "look at After, where to download"), " ", all, " ", keep);
  keep.focus();
}

export function connectPanel({ go, view: present }) {
  const source = field("source", "Source: the database in use today", "postgresql://user:password@host:5432/database?sslmode=require, or host=… dbname=… user=…");
  const target = field("target", "Target: the database to move to", "It may be empty, or hold the tables already.");
  const both = [source, target];
  let made = null; // A target whose password only the process knows.
  const body = () => ({ ...(present ? { migration: present.id } : {}), source: source.input.value.trim(), ...(made && target.input.value === made.target ? { made: made.number } : { target: target.input.value.trim() }) });
  const make = el("details", {}, el("summary", {}, "No target yet? Have one made at a provider"), providerForm({
    action: "create-target",
    made: job => {
      made = job;
      target.input.value = job.target;
      attempt(both, body());
      target.input.focus();
      say(target.told, `made; its connection string, with the password, is in ${job.connection_file}`, "hint good");
    },
  }));
  let tried = "";
  const attemptOnce = () => {
    const key = JSON.stringify(body());
    if (key !== tried) attempt(both, body());
    tried = key;
  };
  for (const { input } of both) {
    input.addEventListener("change", attemptOnce);
    input.addEventListener("paste", () => setTimeout(attemptOnce)); // Once it is in the field.
  }

  const place = el("div");
  const button = el("button", { class: "first", type: "submit" }, "Connect");
  const list = el("div");
  let drawn = ""; // What stands in it.
  const hide = el("input", { id: "hide", type: "checkbox" });
  hide.addEventListener("change", () => { for (const { input } of both) input.type = hide.checked ? "password" : "text"; });
  if (present) [present.source, present.target].forEach((address, i) => {
    both[i].input.required = false;
    both[i].input.placeholder = `stays ${address ?? "as it is"} if left empty`;
  });
  const form = el("form", { novalidate: true }, source.element, target.element, el("label", { class: "tick" }, hide, el("span", {}, "Hide what is typed", el("span", { class: "quiet" }, " Somebody may be looking on."))), make,
    el("p", { class: "quiet" }, "Passwords stay in the memory of this pgbaton process. The journal on the target keeps addresses, never passwords. Nothing is changed on either server until you begin."),
    el("div", { class: "buttons" }, button), place);
  form.addEventListener("submit", act(button, place, async () => {
    const empty = both.filter(one => !one.input.value.trim());
    const isLacking = empty.length > (present ? 1 : 0);
    for (const one of isLacking ? empty : []) say(one.told, "Give a connection string.", "hint bad");
    if (isLacking) { empty[0].input.focus(); return; }
    latest++; // This is the answer now.
    const problems = await connect();
    if (problems.length === 0) return;
    refuse(both, problems).input.focus();
    await refresh();
  }));

  // None where both answer; what was given in vain is not kept.
  async function connect() {
    const former = new Set((await get("/migrations")).map(one => one.id));
    let view;
    try {
      view = await post("/migrations", body());
    } catch (problem) {
      if (/^PB(0001|01\d\d|1001)$/.test(problem.code)) return parted(problem, both);
      throw problem;
    }
    const silent = await silentSource(view, body().source);
    const problems = [silent && { side: source, ...silent }, view.status_error && { ...view.status_error, side: target }].filter(Boolean);
    if (problems.length === 0) go(`#/${view.id}/check`);
    else if (!former.has(view.id)) await call("DELETE", `/migrations/${view.id}`);
    return problems;
  }

  async function refresh() {
    const all = await get("/migrations");
    tellKnown(all, !present && element.isConnected);
    drawn = "";
    draw(all);
  }

  // Not under somebody's hand.
  function draw(all) {
    const key = JSON.stringify(all.map(({ id, status, status_error: why, last, is_running_here: isHere, reports }) => [id, status?.state, status?.paused, why, last, isHere, reports.length]));
    if (key === drawn || (drawn !== "" && list.contains(document.activeElement))) return;
    drawn = key;
    list.replaceChildren(...(all.length === 0 ? [] : [el("h2", {}, "Migrations that this process knows"), known(all, forget)]));
  }
  const forget = (view, pressed) => act(pressed, place, async () => {
    await call("DELETE", `/migrations/${view.id}`);
    await refresh();
    if (present?.id === view.id) go("#/");
  })();
  const element = el("div", {}, el("h1", {}, "Move a database"), el("p", {}, "pgbaton copies a live PostgreSQL database to another server, keeps it in step, proves that every row is the same, and moves the writers over when you say so. There is a way back."),
      present ? el("p", { class: "quiet" }, toldOf(present)) : null, list, form);
  refresh().catch(problem => list.replaceChildren(error(problem)));
  // What is safe to close is told of all of them, as long as this is looked at.
  const timer = setInterval(() => {
    if (!element.isConnected || present) clearInterval(timer);
    else get("/migrations").then(all => {
      tellKnown(all, element.isConnected);
      draw(all);
    }, () => {});
  }, 5000);

  return { element, update() {} };
}

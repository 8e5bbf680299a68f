// What to move and how, what it takes, and the button that begins.
import { hold } from "/copying.js";
import { el, facts, numberOf, passing, say, show, Trouble } from "/dom.js";
import { act, post } from "/api.js";
import { hint, isCode, linked, parted } from "/hints.js";
import { forgetFound, foundPart } from "/found.js";
import { providerForm } from "/provider.js";
import { planOf, range } from "/planned.js";
import { isSaving, present, save } from "/scope.js";
import { stageOf } from "/stages.js";
import { tableList } from "/tables.js";
import { bytes, count, howPatterns, patternsIn } from "/words.js";

const lists = [["schemas", "Only these schemas"], ["excluded_schemas", "Not these schemas"], ["tables", "Only these tables"], ["excluded_tables", "Not these tables"],
  ["ignore", "Go on in spite of these findings (their codes)"]];
const examples = { schemas: "sales archive_*", excluded_schemas: "staging", tables: "sales.customer sales.invoice_*", excluded_tables: "sales.audit_log" };
const optionOf = { "-n": "schemas", "-N": "excluded_schemas", "-t": "tables", "-T": "excluded_tables" };
const ticks = [
  ["replica_identity_full", "Give tables without a key REPLICA IDENTITY FULL meanwhile", "Without it their UPDATEs would fail; it is put back at the end."],
  ["existing_schema", "The target has the tables already; move rows only", ""],
  ["owners", "Keep owners", "The roles must exist on the target."],
  ["privileges", "Keep privileges", "The roles must exist on the target."],
  ["roles", "Make roles that are missing", "Without the right to log in."],
  ["no_security_labels", "Leave security labels behind", ""],
  ["offline", "Offline: one copy, no stream", "For a source without logical replication. What is written later is not carried."],
];

// The fields: what stands in them, and what the process knows, one way and the other.
function scopeForm() {
  const inputs = {};
  const told = Object.fromEntries(lists.map(([name]) => [name, el("p", { id: `${name}-told`, role: "status" })]));
  const keyless = el("span", { class: "quiet" });
  const written = {}; // As it was filled in from elsewhere.
  for (const [name] of lists) inputs[name] = el("input", { id: name, type: "text", spellcheck: "false", "aria-describedby": `${name}-told`, placeholder: name === "ignore" ? "such as PB1058" : `such as ${examples[name]}` });
  for (const [name] of ticks) inputs[name] = el("input", { id: name, type: "checkbox" });
  inputs.large_objects = el("select", { id: "large_objects", class: "short" }, [["", "copy them"], ["Skip", "leave them behind"]].map(([value, text]) => el("option", { value }, text)));
  inputs.jobs = el("input", { id: "jobs", class: "short", type: "number", min: "1", max: "64" });
  const element = el("fieldset", {}, el("legend", {}, "What to move"),
    el("p", { class: "quiet" }, `Left empty: all that is the application's. ${howPatterns}`),
    lists.map(([name, title]) => el("div", {}, el("label", { for: name }, title), inputs[name], told[name])),
    ticks.map(([name, title, told]) => el("label", { class: "tick" }, inputs[name], el("span", {}, title, told ? el("span", { class: "quiet" }, ` ${told}`) : null, name === "replica_identity_full" ? keyless : null))),
    el("label", { for: "large_objects" }, "Large objects"), inputs.large_objects,
    el("label", { for: "jobs" }, "Connections to each side for the copy"), inputs.jobs);
  return {
    element,
    // Not over what is being typed.
    show(scope) {
      const write = (name, value) => {
        if (inputs[name] !== document.activeElement || inputs[name].value === written[name]) inputs[name].value = value;
        written[name] = value;
      };
      for (const [name] of lists) write(name, (scope[name] ?? []).join(" "));
      for (const [name] of ticks) inputs[name].checked = Boolean(scope[name]);
      write("large_objects", scope.large_objects ?? "");
      write("jobs", String(scope.jobs ?? 4));
    },
    tell(found) {
      for (const [name, patterns] of found) say(told[name], patterns.length === 0 ? "" : `${patterns.join(" ")}: matches no ${name.endsWith("schemas") ? "schema" : "table"} of the source`, patterns.length === 0 ? "" : "hint bad");
    },
    tellKeyless: tables => say(keyless, tables.length === 0 ? "" : ` Without one: ${tables.slice(0, 5).join(", ")}${tables.length > 5 ? ` and ${count(tables.length - 5)} more` : ""}.`),
    exclude(table) {
      inputs.excluded_tables.value = [...patternsIn(inputs.excluded_tables.value), table].join(" ");
    },
    hasPatterns: () => Object.values(optionOf).some(name => inputs[name].value.trim() !== ""),
    collect: () => ({
      ...Object.fromEntries(lists.map(([name]) => [name, patternsIn(inputs[name].value)])),
      ...Object.fromEntries(ticks.map(([name]) => [name, inputs[name].checked])),
      ...(inputs.large_objects.value ? { large_objects: inputs.large_objects.value } : {}),
      jobs: numberOf(inputs.jobs) ?? 4,
    }),
  };
}

function decision(one, id) {
  return el("article", { class: `finding ${one.severity}` }, el("p", { class: "strong" }, `${one.severity}: `, linked(one.message, id)),
    one.fix && isCode(one.fix) ? [el("pre", {}, parted(one.fix).code), hint(parted(one.fix).rest, id)] : hint(one.fix, id));
}

// It is over, and the target is in use: there is nothing to begin between these two.
const isMoved = view => view.status?.state === "none" && Boolean(view.last) && view.last.state !== "aborted" && view.last.writer === "target";

// What stands above the fields.
function standing(view, isBegun) {
  if (isMoved(view)) return "This move is over. To move another database, give other connection strings.";
  if (isBegun) return view.begun_with ? "It has begun: what is moved is fixed now." : "It has begun; what it moves is not known here yet.";
  return view.is_running_here ? "Beginning …" : "";
}

const basisOf = ({ copy_bytes_per_second: pace }) => pace === null ? "No table could be sampled: there is no figure for the time."
  : `The time is for the rows alone, by a sample of the largest table just now: ${bytes(pace)}/s with one connection. Indexes are built after them.`;

// What of the patterns chooses nothing, each told at its field.
async function tellPatterns(id, form) {
  const { findings } = await post("/check", { migration: id, only: ["PB1066"] });
  form.tell(Object.entries(optionOf).map(([option, name]) => [name, findings.filter(one => one.severity !== "ok" && one.message.includes(` matches ${option} `)).map(one => one.object)]));
}

export function preparePanel({ id, view: first, go }) {
  const place = el("div");
  const form = scopeForm();
  const sizes = facts("tables", "rows' bytes", "indexes", "disk on the target", "copy takes about", "WAL kept meanwhile");
  const decisions = el("div");
  const tables = tableList(leaveOut);
  const basis = el("p", { class: "hint" });
  const estimate = el("button", { type: "button" }, "Estimate");
  const begin = el("button", { class: "first", type: "button" }, "Begin the migration");
  const note = el("p", { class: "quiet" }, "Beginning makes a publication and a slot on the source and the tables on the target. Applications go on writing. Abort undoes all of it.");

  const keep = async () => save(id, known, form.collect());

  async function plan() {
    await keep();
    const told = await post(`/migrations/${id}/plan`);
    if (!told.decisions.some(one => one.severity === "blocker")) forgetFound(id);
    tellPlan(told);
  }

  // What is left out is one of "Not these tables"; what it takes then is told at once.
  function leaveOut(table) {
    form.exclude(table);
    return plan();
  }

  // Null: it was not asked for, or something else was chosen since.
  function tellPlan(plan) {
    const of = plan?.sizes;
    say(sizes.values.tables, count(of?.tables));
    say(sizes.values["rows' bytes"], bytes(of?.table_bytes));
    say(sizes.values.indexes, bytes(of?.index_bytes));
    say(sizes.values["disk on the target"], bytes(of?.disk_bytes));
    say(sizes.values["copy takes about"], of ? range(of.copy_seconds) : "–");
    say(sizes.values["WAL kept meanwhile"], bytes(of?.wal_bytes));
    say(basis, of ? basisOf(of) : "Not estimated for what is chosen now.");
    form.tellKeyless((plan?.tables ?? []).filter(one => !one.has_identity).map(one => one.table));
    tables.tell(plan?.tables ?? [], known.replica_identity_full);
    const open = (plan?.decisions ?? []).map(one => decision(one, id));
    decisions.replaceChildren(...(open.length > 0 ? [el("h2", {}, "What is to be decided, or to be known"), ...open] : []));
  }

  estimate.addEventListener("click", act(estimate, place, plan));
  begin.addEventListener("click", act(begin, place, async () => {
    await keep();
    await post(`/migrations/${id}/run`);
    isAsked = true;
  }));
  form.element.addEventListener("change", act(el("button"), place, async () => {
    await keep();
    if (form.hasPatterns()) await tellPatterns(id, form);
    else form.tell(Object.values(optionOf).map(name => [name, []]));
  })); // So that Check asks about it.

  const takes = el("section", {}, el("h2", {}, "What it takes"), sizes.element, basis, tables.element, decisions);
  const provider = el("details", {}, el("summary", {}, "Have the provider prepare the servers"), providerForm({ migration: id }));
  const begun = el("p", { class: "strong" });
  const elsewhere = el("p", { class: "gone" }, el("a", { href: `#/${id}/connect` }, "Give other connection strings"));
  const found = foundPart(id);
  const failure = new Trouble();
  const holding = hold(id);
  const pass = passing(place);
  let isAsked = false;
  let known = null;
  let planned; // When what stands below was made.
  let shown = null; // What the fields were last filled from: what is typed stays until that is another one.

  // Another window may have chosen otherwise.
  function fill(view) {
    if (isSaving()) return;
    known = view.begun_with ?? present(view);
    const key = JSON.stringify(known);
    if (key !== shown) form.show(known);
    shown = key;
  }

  known = first.begun_with ?? present(first);
  form.show(known);

  return {
    element: el("div", {}, el("h1", {}, "Prepare"), begun, elsewhere, found.element, form.element, provider, el("div", { class: "buttons" }, estimate, begin), note, place, failure.element, holding.element,
      takes),
    update(view) {
      const isBegun = Boolean(view.status) && view.status.state !== "none";
      pass(view);
      holding.update(view);
      form.element.disabled = isBegun || view.is_running_here || isMoved(view);
      tables.fix(form.element.disabled);
      show(takes, !form.element.disabled || Boolean(view.planned_at)); // What was not asked for by then is not asked any more.
      fill(view);
      found.update(known, !form.element.disabled);
      if (planned !== view.planned_at) {
        planned = view.planned_at;
        planOf(view).then(tellPlan, () => { planned = undefined; });
      }
      say(begun, standing(view, isBegun));
      show(elsewhere, isMoved(view));
      show(form.element, !isBegun || Boolean(view.begun_with));
      for (const one of [estimate, begin, note]) show(one, !isBegun && !view.is_running_here && !isMoved(view));
      show(holding.element, isBegun && !view.is_running_here && !view.status.engine);
      failure.set(isBegun ? null : view.failure);
      const stage = stageOf(view);
      if (view.failure) isAsked = false;
      if (!isAsked || !isBegun || stage === "prepare") return;
      isAsked = false;
      go(`#/${id}/${stage === "copy" ? "copy" : "follow"}`); // What comes after these is for them to begin.
    },
  };
}

// What to move and how, what it takes, and the button that begins.
import { hold } from "/copying.js";
import { el, facts, numberOf, passing, say, show, Trouble } from "/dom.js";
import { act, post } from "/api.js";
import { hint, isCode } from "/hints.js";
import { providerForm } from "/provider.js";
import { chosen, save } from "/scope.js";
import { stageOf } from "/stages.js";
import { bytes, count, duration } from "/words.js";

const lists = [["schemas", "Only these schemas"], ["excluded_schemas", "Not these schemas"], ["tables", "Only these tables"], ["excluded_tables", "Not these tables"],
  ["ignore", "Go on in spite of these findings (their codes)"]];
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
  for (const [name] of lists) inputs[name] = el("input", { id: name, type: "text", spellcheck: "false", placeholder: name === "ignore" ? "PB1000 PB1001 …" : "patterns, separated by blanks" });
  for (const [name] of ticks) inputs[name] = el("input", { id: name, type: "checkbox" });
  inputs.large_objects = el("select", { id: "large_objects", class: "short" }, [["", "copy them"], ["Skip", "leave them behind"]].map(([value, text]) => el("option", { value }, text)));
  inputs.jobs = el("input", { id: "jobs", class: "short", type: "number", min: "1", max: "64" });
  const element = el("fieldset", {}, el("legend", {}, "What to move"),
    lists.map(([name, title]) => el("div", {}, el("label", { for: name }, title), inputs[name])),
    ticks.map(([name, title, told]) => el("label", { class: "tick" }, inputs[name], el("span", {}, title, told ? el("span", { class: "quiet" }, ` ${told}`) : null))),
    el("label", { for: "large_objects" }, "Large objects"), inputs.large_objects,
    el("label", { for: "jobs" }, "Connections to each side for the copy"), inputs.jobs);
  return {
    element,
    show(scope) {
      for (const [name] of lists) inputs[name].value = (scope[name] ?? []).join(" ");
      for (const [name] of ticks) inputs[name].checked = Boolean(scope[name]);
      inputs.large_objects.value = scope.large_objects ?? "";
      inputs.jobs.value = scope.jobs ?? 4;
    },
    collect: () => ({
      ...Object.fromEntries(lists.map(([name]) => [name, inputs[name].value.split(/\s+/).filter(Boolean)])),
      ...Object.fromEntries(ticks.map(([name]) => [name, inputs[name].checked])),
      ...(inputs.large_objects.value ? { large_objects: inputs.large_objects.value } : {}),
      jobs: numberOf(inputs.jobs) ?? 4,
    }),
  };
}

function decision(one) {
  return el("article", { class: `finding ${one.severity}` }, el("p", { class: "strong" }, `${one.severity}: ${one.message}`),
    one.fix && isCode(one.fix) ? el("pre", {}, one.fix) : hint(one.fix));
}

// It is over, and the target is in use: there is nothing to begin between these two.
const isMoved = view => view.status?.state === "none" && Boolean(view.last) && view.last.state !== "aborted" && view.last.writer === "target";

// What stands above the fields.
function standing(view, isBegun) {
  if (isMoved(view)) return "This move is over. To move another database, give other connection strings.";
  if (isBegun) return view.begun_with ? "It has begun: what is moved is fixed now." : "It has begun; what it moves is not known here yet.";
  return view.is_running_here ? "Beginning …" : "";
}

export function preparePanel({ id, view: first, go }) {
  const place = el("div");
  const form = scopeForm();
  const sizes = facts("tables", "rows' bytes", "indexes", "disk on the target", "copy takes about", "WAL kept meanwhile");
  const decisions = el("div");
  const estimate = el("button", { type: "button" }, "Estimate");
  const begin = el("button", { class: "first", type: "button" }, "Begin the migration");
  const note = el("p", { class: "quiet" }, "Beginning makes a publication and a slot on the source and the tables on the target. Applications go on writing. Abort undoes all of it.");

  estimate.addEventListener("click", act(estimate, place, async () => {
    await save(id, form.collect());
    const plan = await post("/plan", { migration: id });
    say(sizes.values.tables, count(plan.sizes.tables));
    say(sizes.values["rows' bytes"], bytes(plan.sizes.table_bytes));
    say(sizes.values.indexes, bytes(plan.sizes.index_bytes));
    say(sizes.values["disk on the target"], bytes(plan.sizes.disk_bytes));
    say(sizes.values["copy takes about"], duration(plan.sizes.copy_seconds));
    say(sizes.values["WAL kept meanwhile"], bytes(plan.sizes.wal_bytes));
    decisions.replaceChildren(...plan.decisions.map(decision));
  }));
  begin.addEventListener("click", act(begin, place, async () => {
    await save(id, form.collect());
    await post(`/migrations/${id}/run`);
    isAsked = true;
  }));
  form.element.addEventListener("change", act(el("button"), place, () => save(id, form.collect()))); // So that Check asks about it.

  const provider = el("details", {}, el("summary", {}, "Have the provider prepare the servers"), providerForm({ migration: id }));
  const begun = el("p", { class: "strong" });
  const elsewhere = el("p", { class: "gone" }, el("a", { href: `#/${id}/connect` }, "Give other connection strings"));
  const failure = new Trouble();
  const holding = hold(id);
  const pass = passing(place);
  let isAsked = false;
  let shown = null; // What the fields were last filled from: what is typed stays until that is another one.

  function fill(scope) {
    const key = JSON.stringify(scope);
    if (key !== shown) form.show(scope);
    shown = key;
  }

  fill(first.begun_with ?? chosen(id) ?? first.scope);

  return {
    element: el("div", {}, el("h1", {}, "Prepare"), begun, elsewhere, form.element, provider, el("div", { class: "buttons" }, estimate, begin), note, place, failure.element, holding.element,
      el("h2", {}, "What it takes"), sizes.element, decisions),
    update(view) {
      const isBegun = Boolean(view.status) && view.status.state !== "none";
      pass(view);
      holding.update(view);
      form.element.disabled = isBegun || view.is_running_here || isMoved(view);
      if (isBegun && view.begun_with) fill(view.begun_with);
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
      go(`#/${id}/${stage}`);
    },
  };
}

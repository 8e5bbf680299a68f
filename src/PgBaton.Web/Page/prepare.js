// What to move and how, what it takes, and the button that begins.
import { el, facts, numberOf, say, show, Trouble } from "/dom.js";
import { act, post, put } from "/api.js";
import { providerForm } from "/provider.js";
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

export function preparePanel({ id, view: first, go }) {
  const scope = { ...first.scope };
  const place = el("div");
  const inputs = {};
  for (const [name, title] of lists) inputs[name] = el("input", { id: name, type: "text", spellcheck: "false", value: (scope[name] ?? []).join(" "), placeholder: name === "ignore" ? "PB1000 PB1001 …" : "patterns, separated by blanks" });
  for (const [name] of ticks) inputs[name] = el("input", { id: name, type: "checkbox", checked: scope[name] });
  inputs.large_objects = el("select", { id: "large_objects", class: "short" }, [["", "copy them"], ["Skip", "leave them behind"]].map(([value, text]) => el("option", { value, selected: value === (scope.large_objects ?? "") }, text)));
  inputs.jobs = el("input", { id: "jobs", class: "short", type: "number", min: "1", max: "64", value: scope.jobs ?? 4 });

  const collect = () => ({
    ...Object.fromEntries(lists.map(([name]) => [name, inputs[name].value.split(/\s+/).filter(Boolean)])),
    ...Object.fromEntries(ticks.map(([name]) => [name, inputs[name].checked])),
    ...(inputs.large_objects.value ? { large_objects: inputs.large_objects.value } : {}),
    jobs: numberOf(inputs.jobs) ?? 4,
  });

  const sizes = facts("tables", "rows' bytes", "indexes", "disk on the target", "copy takes about", "WAL kept meanwhile");
  const decisions = el("div");
  const estimate = el("button", { type: "button" }, "Estimate");
  const begin = el("button", { class: "first", type: "button" }, "Begin the migration");
  const note = el("p", { class: "quiet" }, "Beginning makes a publication and a slot on the source and the tables on the target. Applications go on writing. Abort undoes all of it.");

  estimate.addEventListener("click", act(estimate, place, async () => {
    await put(`/migrations/${id}/scope`, collect());
    const plan = await post("/plan", { migration: id });
    say(sizes.values.tables, count(plan.sizes.tables));
    say(sizes.values["rows' bytes"], bytes(plan.sizes.table_bytes));
    say(sizes.values.indexes, bytes(plan.sizes.index_bytes));
    say(sizes.values["disk on the target"], bytes(plan.sizes.disk_bytes));
    say(sizes.values["copy takes about"], duration(plan.sizes.copy_seconds));
    say(sizes.values["WAL kept meanwhile"], bytes(plan.sizes.wal_bytes));
    decisions.replaceChildren(...plan.decisions.map(one => el("article", { class: `finding ${one.severity}` }, el("p", { class: "strong" }, `${one.severity}: ${one.message}`), one.fix ? el("pre", {}, one.fix) : null)));
  }));
  begin.addEventListener("click", act(begin, place, async () => {
    await put(`/migrations/${id}/scope`, collect());
    await post(`/migrations/${id}/run`);
    isAsked = true;
  }));

  const form = el("fieldset", {}, el("legend", {}, "What to move"),
    lists.map(([name, title]) => el("div", {}, el("label", { for: name }, title), inputs[name])),
    ticks.map(([name, title, hint]) => el("label", { class: "tick" }, inputs[name], el("span", {}, title, hint ? el("span", { class: "quiet" }, ` ${hint}`) : null))),
    el("label", { for: "large_objects" }, "Large objects"), inputs.large_objects,
    el("label", { for: "jobs" }, "Connections to each side for the copy"), inputs.jobs);
  const provider = el("details", {}, el("summary", {}, "Have the provider prepare the servers"), providerForm({ migration: id }));
  const begun = el("p", { class: "strong" });
  const failure = new Trouble();
  let isAsked = false;

  return {
    element: el("div", {}, el("h1", {}, "Prepare"), begun, failure.element, form, provider, el("div", { class: "buttons" }, estimate, begin), note, place, el("h2", {}, "What it takes"), sizes.element, decisions),
    update(view) {
      const isBegun = view.status && view.status.state !== "none";
      form.disabled = Boolean(isBegun || view.is_running_here);
      say(begun, isBegun ? "It has begun: what is moved is fixed now." : view.is_running_here ? "Beginning …" : "");
      for (const one of [estimate, begin]) show(one, !isBegun && !view.is_running_here);
      failure.set(isBegun ? null : view.failure);
      const stage = stageOf(view);
      if (view.failure) isAsked = false;
      if (!isAsked || !isBegun || stage === "prepare") return;
      isAsked = false;
      go(`#/${id}/${stage}`);
    },
  };
}

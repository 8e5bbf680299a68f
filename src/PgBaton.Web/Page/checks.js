// Findings, grouped, each with its fix to copy.
import { copy, el, explained, say, show } from "/dom.js";
import { act, post } from "/api.js";
import { hint, isCode, linked, parted, places, toConnect } from "/hints.js";
import { present, saved } from "/scope.js";
import { keepFound } from "/found.js";
import { many } from "/words.js";

const order = ["blocker", "warning", "notice", "ok"];

function statements(finding, id) {
  const { code, rest } = parted(finding.fix);
  const button = el("button", { class: "copy", type: "button", "aria-label": `copy the fix of ${finding.code}` }, "copy");
  button.addEventListener("click", () => copy(button, code));
  return el("div", {}, button, el("pre", {}, code), hint(rest, id), places(code, id));
}

function card(finding, ask, id) {
  const fix = finding.fix && isCode(finding.fix) ? statements(finding, id) : hint(finding.fix, id);
  const place = el("div");
  const again = el("button", { class: "small", type: "button", "data-code": finding.code, "aria-label": `check ${finding.code} again` }, "check again");
  again.addEventListener("click", act(again, place, () => ask(finding.code)));
  return el("article", { class: `finding ${finding.severity}` },
    el("p", { class: "strong" }, `${finding.severity}: `, linked(finding.message, id)),
    hint(finding.detail, id), fix, toConnect(finding.code, id), place,
    el("p", { class: "quiet" }, finding.severity === "ok" ? null : again, explained(finding.code)));
}

export function checkPanel({ id, view, go }) {
  const isPast = view.last?.state === "finished" || (view.status !== null && view.status?.state !== "none" && view.status?.writer !== "source");
  const place = el("div");
  const summary = el("p", { role: "status" }, "Every preflight question of both servers; nothing is changed.");
  const told = el("p", { role: "status" });
  const found = el("div");
  const filter = el("select", { id: "severity", class: "short" }, el("option", { value: "ok" }, "everything"), el("option", { value: "notice", selected: true }, "notices and worse"),
    el("option", { value: "warning" }, "warnings and blockers"), el("option", { value: "blocker" }, "blockers"));
  const again = el("button", { class: "first", type: "button" }, "Check");
  const on = el("button", { type: "button" }, "Prepare");
  const other = el("a", { href: `#/${id}/connect` }, "Give other connection strings");
  let findings = [];
  let shown = view;

  function draw() {
    const shown = findings.filter(one => order.indexOf(one.severity) <= order.indexOf(filter.value));
    const groups = [...new Set(shown.map(one => one.group ?? "other"))];
    found.replaceChildren(...groups.flatMap(group => [el("h2", {}, group),
      ...shown.filter(one => (one.group ?? "other") === group).sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).map(one => card(one, ask, id))]));
  }

  function tellAll() {
    keepFound(id, present(shown), findings);
    const blockers = findings.filter(one => one.severity === "blocker").length;
    const warnings = findings.filter(one => one.severity === "warning").length;
    say(summary, blockers > 0 ? `${many(blockers, "blocker")}: mend ${blockers === 1 ? "it" : "them"}, or choose otherwise under Prepare; then check again.`
      : `Nothing blocks (${many(findings.length, "question")} asked, ${many(warnings, "warning")}).`, blockers > 0 ? "bad strong" : "good strong");
    draw();
  }

  // One question alone; its answer stands where the old one stood.
  async function ask(code) {
    const { findings: answers } = await post("/check", { migration: id, only: [code] });
    if (answers.length === 0) {
      say(told, `${code} could not be asked by itself now: check all again.`, "warn");
      return;
    }
    const at = findings.findIndex(one => one.code === code);
    findings = findings.filter(one => one.code !== code);
    findings.splice(Math.max(at, 0), 0, ...answers);
    tellAll();
    const rest = answers.find(one => one.severity !== "ok");
    say(told, rest ? `${code}: still a ${rest.severity}.` : `${code} is as it should be now.`, rest ? "bad" : "good");
    (found.querySelector(`[data-code="${code}"]`) ?? again).focus();
  }

  const run = act(again, place, async () => {
    say(summary, "asking …", "");
    await saved(); // What was chosen under Prepare is what is asked about.
    ({ findings } = await post("/check", { migration: id }));
    say(again, "Check all again");
    say(told, "");
    tellAll();
  });
  again.addEventListener("click", run);
  on.addEventListener("click", () => go(`#/${id}/prepare`));
  filter.addEventListener("change", draw);
  if (isPast) say(summary, "These are the questions before a migration. It is past them: what they would advise is not for now.", "strong");
  else run();
  const label = el("label", { for: "severity" }, "Show");
  for (const one of [label, filter]) show(one, !isPast);
  show(again, !isPast);
  show(on, !isPast);
  show(other, !isPast);

  return {
    element: el("div", {}, el("h1", {}, "Check"), summary, el("div", { class: "buttons" }, again, on, other),
      label, filter, place, told, found),
    update: next => { shown = next; },
  };
}

// Findings, grouped, each with its fix to copy.
import { copy, el, say } from "/dom.js";
import { act, post } from "/api.js";
import { many } from "/words.js";

const order = ["blocker", "warning", "notice", "ok"];

function card(finding) {
  const fix = finding.fix ? el("div", {}, (() => {
    const button = el("button", { class: "copy", type: "button", "aria-label": `copy the fix of ${finding.code}` }, "copy");
    button.addEventListener("click", () => copy(button, finding.fix));
    return button;
  })(), el("pre", {}, finding.fix)) : null;
  return el("article", { class: `finding ${finding.severity}` },
    el("p", { class: "strong" }, `${finding.severity}: ${finding.message}`),
    finding.detail ? el("p", {}, finding.detail) : null, fix,
    el("p", { class: "quiet" }, el("a", { href: `/api/v1/explain/${finding.code}`, target: "_blank", rel: "noopener" }, finding.code), finding.group ? ` · ${finding.group}` : ""));
}

export function checkPanel({ id, go }) {
  const place = el("div");
  const summary = el("p", { role: "status" }, "Every preflight question of both servers; nothing is changed.");
  const found = el("div");
  const filter = el("select", { id: "severity", class: "short" }, el("option", { value: "ok" }, "everything"), el("option", { value: "notice", selected: true }, "notices and worse"),
    el("option", { value: "warning" }, "warnings and blockers"), el("option", { value: "blocker" }, "blockers"));
  const again = el("button", { class: "first", type: "button" }, "Check");
  const on = el("button", { type: "button" }, "Prepare");
  let findings = [];

  function draw() {
    const shown = findings.filter(one => order.indexOf(one.severity) <= order.indexOf(filter.value));
    const groups = [...new Set(shown.map(one => one.group ?? "other"))];
    found.replaceChildren(...groups.flatMap(group => [el("h2", {}, group),
      ...shown.filter(one => (one.group ?? "other") === group).sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).map(card)]));
  }

  const run = act(again, place, async () => {
    say(summary, "asking …", "");
    ({ findings } = await post("/check", { migration: id }));
    const blockers = findings.filter(one => one.severity === "blocker").length;
    const warnings = findings.filter(one => one.severity === "warning").length;
    say(again, "Check again");
    say(summary, blockers > 0 ? `${many(blockers, "blocker")}: mend them, or choose otherwise under Prepare; then check again.`
      : `Nothing blocks (${many(findings.length, "question")} asked, ${many(warnings, "warning")}).`, blockers > 0 ? "bad strong" : "good strong");
    draw();
  });
  again.addEventListener("click", run);
  on.addEventListener("click", () => go(`#/${id}/prepare`));
  filter.addEventListener("change", draw);
  run();

  return {
    element: el("div", {}, el("h1", {}, "Check"), summary, el("div", { class: "buttons" }, again, on),
      el("label", { for: "severity" }, "Show"), filter, place, found),
    update() {},
  };
}

// The steps of the page, and how a status of the migration stands to them.
import { el, say, show } from "/dom.js";
import { isStopped } from "/now.js";
import { bytes, count, duration } from "/words.js";

export const stages = [
  { name: "connect", title: "Connect" },
  { name: "check", title: "Check" },
  { name: "prepare", title: "Prepare" },
  { name: "copy", title: "Copy" },
  { name: "follow", title: "Follow" },
  { name: "verify", title: "Verify" },
  { name: "cutover", title: "Cut over" },
  { name: "after", title: "After" },
];

const ofStep = {
  check: "prepare", slot: "prepare", "pre-data": "copy", copy: "copy", "post-data": "copy", follow: "follow",
  fence: "cutover", sequences: "cutover", reverse: "cutover", open: "cutover", return: "after", clean: "after",
};

// Where the work is; what the visitor looks at may be another one.
export function stageOf(view) {
  const status = view?.status;
  if (!view) return "connect";
  if (!status || status.state === "none") return view.last ? "after" : view.is_running_here ? "prepare" : "check";
  const stage = ofStep[status.step] ?? "follow";
  if (stage === "follow" && !isStopped(view) && ["in-sync", "copied", "rolled-back"].includes(status.state))
    return status.tables.verified < status.tables.total ? "verify" : "cutover";
  return stage;
}

const downtimeOf = view => view.status?.downtime_seconds ?? view.last?.downtime_seconds;

const wasUndone = view => view?.last?.state === "aborted" && view.status?.state === "none";

const lines = {
  connect: view => `${view.source ?? "?"} → ${view.target ?? "?"}`,
  check: () => "",
  prepare: view => view.status?.state === "none" ? "" : "begun",
  copy: view => view.status && view.status.tables.total ? `${count(view.status.tables.copied)} of ${count(view.status.tables.total)} tables` : "",
  follow: view => view.status?.lag ? `${bytes(view.status.lag.bytes)} behind` : "",
  verify: view => view.status?.tables.verified > 0 ? `${count(view.status.tables.verified)} of ${count(view.status.tables.total)} equal` : "",
  cutover: view => wasUndone(view) ? "" : view.status?.state === "rolled-back" ? "rolled back" : downtimeOf(view) ? `${duration(downtimeOf(view))} of downtime` : "",
  after: view => view.status && view.status.state !== "none" ? `writer: ${view.status.writer}` : "",
};

// Until the writers move, and again once they are back.
const isUndoable = view => Boolean(view?.status) && view.status.state !== "none" && view.status.writer === "source";

export class Stages {
  constructor(nav) {
    this.links = stages.map(stage => {
      const mark = el("span", { "aria-hidden": "true" }, "○");
      const small = el("small");
      const state = el("span", { class: "skip" });
      const link = el("a", { href: "#/" }, mark, el("span", {}, stage.title, state), small);
      return { stage, link, mark, small, state };
    });
    this.undo = el("a", { class: "undo gone" }, "Undo everything (abort)");
    this.list = el("ol", {}, this.links.map(one => el("li", {}, one.link)));
    nav.replaceChildren(this.list, this.undo);
    this.list.addEventListener("scroll", () => this.markEdges());
    window.addEventListener("resize", () => this.bringInto(nav.querySelector("[aria-current]")));
  }

  // Where the steps are a bar, it may be wider than the window.
  bringInto(link) {
    if (link) this.list.scrollTo({ left: link.offsetLeft - this.list.offsetLeft - (this.list.clientWidth - link.offsetWidth) / 2 });
    this.markEdges();
  }

  // Where there is more beside the window's edge, it fades.
  markEdges() {
    const { scrollLeft: left, scrollWidth: all, clientWidth: seen } = this.list;
    this.list.classList.toggle("more-left", left > 1);
    this.list.classList.toggle("more-right", left + seen < all - 1);
  }

  // Who reads the page of a code is at no step.
  show(view, chosen, isReading) {
    show(this.undo, !isReading && isUndoable(view));
    show(this.list, !isReading);
    if (view) this.undo.setAttribute("href", `#/${view.id}/after/abort-name`);
    else this.undo.removeAttribute("href");
    const at = isReading ? -1 : stages.findIndex(stage => stage.name === stageOf(view));
    this.links.forEach(({ stage, link, mark, small, state }, i) => {
      link.setAttribute("href", view ? `#/${view.id}/${stage.name}` : "#/");
      if (stage.name === chosen && !isReading) {
        if (!link.hasAttribute("aria-current")) this.bringInto(link);
        link.setAttribute("aria-current", "page");
      } else link.removeAttribute("aria-current");
      const isDone = i < at && (!wasUndone(view) || stage.name === "connect" || stage.name === "check") && !(stage.name === "connect" && view?.status_error); // What was undone, or does not answer, is not done.
      say(mark, isDone ? "✓" : i === at ? "●" : "○");
      say(state, isDone ? " (done)" : i === at ? " (now)" : "");
      say(small, view ? lines[stage.name](view) : "");
    });
  }
}

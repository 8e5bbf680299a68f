// What happened, newest first; comes from the journal.
import { el } from "/dom.js";
import { clock } from "/words.js";

const most = 300;

export class Log {
  constructor() {
    this.list = el("ol", { class: "log", tabindex: "0", "aria-label": "What happened, newest first" });
    this.seen = new Set();
  }

  add(entry) {
    if (!entry.text || this.seen.has(entry.seq)) return;
    this.seen.add(entry.seq);
    this.list.prepend(this.line(entry));
    if (this.list.children.length > most) this.list.lastChild.remove();
  }

  line(entry) {
    const kind = { warning: "warn", fence_set: "warn", decided: "strong", target_opened: "good", source_opened: "good", retry: "warn" }[entry.happened.event] ?? "";
    return el("li", {}, el("time", { datetime: entry.at }, clock(entry.at)), el("span", { class: kind }, entry.text));
  }

  clear() {
    this.seen.clear();
    this.list.replaceChildren();
  }
}

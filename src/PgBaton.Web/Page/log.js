// What happened, newest first; comes from the journal.
import { el, shownId } from "/dom.js";
import { linked } from "/hints.js";
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
    return el("li", {}, el("time", { datetime: entry.at }, clock(entry.at)), el("span", { class: kind }, linked(entry.text, shownId())));
  }

  // What the journal has no event for. When it was is known only to who saw it happen.
  note(text, kind, isNew) {
    const now = new Date();
    this.list.prepend(el("li", {}, isNew ? el("time", { datetime: now.toISOString() }, clock(now)) : el("time", {}, "earlier"), el("span", { class: kind }, linked(text, shownId()))));
  }

  clear() {
    this.seen.clear();
    this.list.replaceChildren();
  }
}

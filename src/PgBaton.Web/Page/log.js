// What happened, newest first; comes from the journal.
import { el, shownId } from "/dom.js";
import { linked } from "/hints.js";
import { clock, moment } from "/words.js";

const most = 300;

// Where a new part of a migration begins.
const parts = { check: "Beginning", follow: "Following", fence: "The writers move", return: "On the target", clean: "The end" };

export const heading = (title, at) => el("li", { class: "head" }, title, ", ", el("time", { datetime: at }, moment(at)));

// The same words as in a terminal.
export const meaning = () => el("p", { class: "quiet" }, el("a", { href: "#/explain/concepts", target: "_blank", rel: "noopener" }, "What the words mean: fence, marker, heartbeat, decision …"));

export class Log {
  constructor() {
    this.list = el("ol", { class: "log", tabindex: "0", "aria-label": "What happened, newest first" });
    this.seen = new Set();
    this.forget();
  }

  forget() {
    [this.head, this.epoch, this.title, this.newest] = [null, null, null, 0];
  }

  add(entry) {
    if (!entry.text || this.seen.has(entry.seq)) return;
    this.seen.add(entry.seq);
    if (entry.seq < this.newest) this.forget(); // Another journal counts anew: what begins is another migration.
    this.newest = entry.seq;
    this.group(entry);
    this.put(this.line(entry));
    if (this.list.children.length > most) this.list.lastChild.remove();
  }

  // Newest first: a heading stands above what came after it.
  put(line) {
    if (this.head) this.head.after(line);
    else this.list.prepend(line);
  }

  group({ epoch, at, happened: { event, step } }) {
    const begins = event === "step_started" ? parts[step] : event === "step_undone" ? "Undoing" : null;
    const title = begins ?? (epoch !== this.epoch ? this.epoch === null ? "The migration" : "Taken up by another process" : null);
    if (title === null || (begins && begins === this.title && epoch === this.epoch)) return;
    [this.epoch, this.title] = [epoch, title];
    this.head = heading(title, at);
    this.list.prepend(this.head);
  }

  line(entry) {
    const kind = { warning: "warn", stopped: "bad", fence_set: "warn", decided: "strong", target_opened: "good", source_opened: "good", retry: "warn" }[entry.happened.event] ?? "";
    return el("li", {}, el("time", { datetime: entry.at }, clock(entry.at)), el("span", { class: kind }, linked(entry.text, shownId())));
  }

  // What the journal has no event for. Null: when it was is known only to who saw it happen.
  note(text, kind, at, title = null) {
    if (title) this.list.prepend(this.head = heading(title, at));
    if (!this.head) this.list.prepend(this.head = heading("Before it began", new Date()));
    this.put(el("li", {}, at ? el("time", { datetime: at.toISOString() }, clock(at)) : el("time", {}, "earlier"), el("span", { class: kind }, linked(text, shownId()))));
  }

  clear() {
    this.seen.clear();
    this.forget();
    this.list.replaceChildren();
  }
}

// How long the rows still take: by the time in which rows were copied, a pause is none.
import { duration } from "/words.js";

// By migration, as it was last told under Prepare: seconds.
export const estimates = new Map();

// A sample of a second tells no more.
export const range = seconds => seconds === null ? "not known" : seconds < 5 ? "seconds" : `${duration(seconds / 2)} to ${duration(seconds * 2)}`;

const longest = 120; // Seconds of copying that are looked at.
const least = 5; // Before that, pgbaton's own figure is the better one.

export class Left {
  constructor() { [this.spans, this.last, this.view] = [[], null, null]; }

  add(view, now = performance.now() / 1000) {
    if (view === this.view) return;
    this.view = view;
    const { state, paused, copy } = view.status;
    const isRunning = state === "copying" && !paused;
    // Parts that were on their way and begin again are no pace.
    if (isRunning && this.last && copy.bytes_done >= this.last.done) this.spans.push([now - this.last.now, copy.bytes_done - this.last.done]);
    this.last = isRunning ? { now, done: copy.bytes_done } : null;
    while (this.seconds > longest) this.spans.shift();
  }

  get seconds() { return this.spans.reduce((sum, span) => sum + span[0], 0); }

  of({ status: { copy } }) {
    const bytes = this.spans.reduce((sum, span) => sum + span[1], 0);
    return this.seconds < least || bytes === 0 ? copy.eta_seconds : Math.max(0, copy.bytes_total - copy.bytes_done) * this.seconds / bytes;
  }
}

const lefts = new Map();

export function secondsLeft(view) {
  if (!lefts.has(view.id)) lefts.set(view.id, new Left());
  const left = lefts.get(view.id);
  left.add(view);
  return left.of(view);
}

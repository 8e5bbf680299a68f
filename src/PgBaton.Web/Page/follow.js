// Lag with its trend, the slot's health, and what happens.
import { el, facts, say, show } from "/dom.js";
import { get } from "/api.js";
import { LineFigure } from "/figure.js";
import { bytes, count, duration, many } from "/words.js";
import { hold, Pace } from "/copying.js";
import { standing } from "/over.js";
import { meaning } from "/log.js";
import { isStopped } from "/now.js";
import { schemaPart } from "/schema.js";

// The last half minute, as this window has seen it.
class Recent {
  points = [];

  add(value) {
    this.points.push([performance.now() / 1000, value]);
    while (this.points.at(-1)[0] - this.points[0][0] > 30) this.points.shift();
  }

  // Bytes a second, as a straight line through the recent points has it; null where they are too few.
  get slope() {
    const n = this.points.length;
    if (n < 5 || this.points[n - 1][0] - this.points[0][0] < 10) return null;
    const mean = i => this.points.reduce((sum, point) => sum + point[i], 0) / n;
    const [x, y] = [mean(0), mean(1)];
    return this.points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / this.points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  }
}

const drawn = 2000; // Milliseconds between two drawings.

// By the last half minute that this page has seen; until then, as pgbaton sees it.
function trend(recent, lag, state) {
  if (["checking", "copying"].includes(state)) return "applied once the rows are there";
  const per = recent.slope ?? lag.trend_bytes_per_second;
  if (per === null) return "–";
  if (lag.bytes < 1 << 20) return "steady";
  if (Math.abs(per) * 30 < Math.max(1 << 20, lag.bytes / 5)) return "steady";
  return per > 0 ? `growing by ${bytes(per)}/s` : `shrinking by ${bytes(-per)}/s`;
}

function health(slot) {
  if (!slot) return "–";
  if (slot.wal_status === "lost") return "lost";
  if (slot.safe_bytes === null) return `${bytes(slot.retained_bytes)} kept, nothing limits it`;
  return `${bytes(slot.retained_bytes)} kept, lost after ${bytes(slot.safe_bytes)} more${slot.lost_in_seconds === null ? "" : ` (unread, in ${duration(slot.lost_in_seconds)})`}`;
}

// Since the stream was taken up here, and by the last seconds. Changes alone: a heartbeat is a transaction too.
function throughput(carried, pace, isPaused) {
  if (!carried) return "–";
  pace.add(carried.changes);
  return `${isPaused || pace.perSecond === null ? "" : `${count(Math.round(pace.perSecond))} changes/s; `}${many(carried.changes, "change")} since it was last taken up`;
}

export function followPanel({ id, log }) {
  const holding = hold(id);
  const over = standing(id);
  const schema = schemaPart(id);
  const told = facts("behind", "at most", "trend", "throughput", "caught up in", "slot", "carried by");
  const pace = new Pace(20);
  const recent = new Recent();
  const figure = new LineFigure("lag in bytes, since it is measured");
  const scale = el("p", { class: "hint" }, "How far it was behind, as the report has it.");
  let drawnAt = -drawn;
  const former = el("p", { class: "quiet gone" }, "What happened in an earlier migration of these two is in its report: ", el("a", { href: `#/${id}/after` }, "To After"));
  const onward = el("a");
  const level = el("p", { class: "good strong gone", role: "status" }, "The target is in step. ", onward);

  // What can be done once it follows; what has to be settled first is told above the steps.
  function tellOnward({ status }) {
    const isLevel = status.writer === "source" && ["in-sync", "rolled-back"].includes(status.state) && !status.paused && Boolean(status.engine || status.via === "subscription");
    show(level, isLevel);
    if (!isLevel) return;
    const isVerified = status.tables.verified === status.tables.total;
    onward.setAttribute("href", `#/${id}/${isVerified ? "cutover" : "verify"}`);
    say(onward, isVerified ? "To Cut over" : "To Verify: compare every row");
  }

  // Every window shows the same, also after a reload.
  function draw() {
    if (performance.now() - drawnAt < drawn || figure.width === 0) return;
    drawnAt = performance.now();
    get(`/migrations/${id}/lag?width=${figure.width}`).then(({ plot }) => figure.show(plot), () => {}); // The view tells who does not answer.
  }

  return {
    reach: field => { if (field === "schema") schema.reach(); },
    element: el("div", {}, el("h1", {}, "Follow"), el("p", {}, "What the applications write on one side is applied to the other: on the target until you cut over, on the source after it."), over.element, level, holding.element, schema.element, told.element, figure.element, scale,
      el("h2", {}, "What happened"), meaning(), log.list, former),
    update(view) {
      holding.update(view);
      schema.update(view);
      over.update(view);
      show(former, view.reports.length > 0 && view.status?.state !== "none");
      const status = view.status;
      if (!status) return;
      tellOnward(view);
      for (const one of [told.element, figure.element, scale]) show(one, status.state !== "none");
      const lag = status.lag;
      if (status.state !== "none") draw();
      if (lag && lag.bytes !== null) recent.add(lag.bytes);
      say(told.values.behind, bytes(lag?.bytes));
      say(told.values["at most"], duration(lag?.seconds));
      say(told.values.trend, status.paused ? "paused" : lag && isStopped(view) ? "nobody applies it now" : lag ? trend(recent, lag, status.state) : "–");
      say(told.values.throughput, throughput(view.progress.carried, pace, status.paused || isStopped(view)));
      say(told.values["caught up in"], status.paused ? "–" : lag?.bytes === 0 ? "now" : duration(lag?.caught_up_in_seconds));
      say(told.values.slot, health(status.slot), status.slot?.wal_status === "lost" || status.slot?.wal_status === "unreserved" ? "bad" : "");
      say(told.values["carried by"], status.via === "relay" ? "pgbaton" : status.via === "subscription" ? "the servers" : "nobody (offline)");
    },
  };
}

// What stands on a step when there is nothing to do there: not begun yet, or over.
import { el, say, show } from "/dom.js";
import { get } from "/api.js";
import { bytes, count, many } from "/words.js";

const ends = {
  finished: "It is over: the target is the writer, and both servers are cleaned.", aborted: "It was aborted: all that it had made is dropped, and the source is the writer.",
  ended: "It is over: it was ended from elsewhere.",
};

// As the report has it.
const copied = ({ tables }) => `${count(tables.filter(one => one.rows !== null).length)} of ${many(tables.length, "table")} were copied, ${bytes(tables.reduce((sum, one) => sum + (one.rows === null ? 0 : one.bytes ?? 0), 0))} over the network.`;

export function standing(id) {
  const told = el("span");
  const done = el("span");
  const after = el("a", { href: `#/${id}/after` }, "To After");
  const prepare = el("a", { href: `#/${id}/prepare` }, "To Prepare");
  const element = el("p", { class: "strong", role: "status" }, told, " ", done, " ", after, prepare);
  let isAsked = false;
  return {
    element,
    update({ status, last }) {
      const isNone = status?.state === "none";
      show(element, isNone);
      show(after, Boolean(last));
      show(prepare, !last);
      if (!isNone) return;
      say(told, last ? ends[last.state] ?? "It is over." : "Nothing has begun yet.");
      if (isAsked || !last?.has_report) return;
      isAsked = true;
      get(`/migrations/${id}/report`).then(report => say(done, copied(report)), () => { isAsked = false; });
    },
  };
}

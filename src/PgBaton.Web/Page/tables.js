// The tables that would be moved, the largest first, each with its size and a button that leaves it out.
import { el, Rows, say, show } from "/dom.js";
import { act } from "/api.js";
import { bytes, many } from "/words.js";

const most = 500; // Beyond that a list is not read any more; patterns choose among thousands.

export function tableList(leaveOut) {
  const place = el("div");
  const list = el("div");
  const rest = el("p", { class: "quiet" });
  const element = el("details", { class: "gone" }, el("summary", {}, "Tables that would be moved"), place, list, rest);
  let [isFixed, isFull] = [false, false];
  let shown = [];

  function row(table) {
    const button = el("button", { class: "small", type: "button", "aria-label": `leave ${table} out` }, "leave out");
    button.addEventListener("click", act(button, place, () => leaveOut(table)));
    return button;
  }

  function draw() {
    const rows = new Rows("tables that would be moved", [{ name: "table" }, { name: "bytes", isNumber: true }, { name: "replica identity", isExtra: true }, { name: "" }].slice(0, isFixed ? 3 : 4));
    for (const { table, bytes: size, has_identity: has } of shown.slice(0, most)) rows.set(table, [table, bytes(size), has ? "" : isFull ? "FULL meanwhile" : "none: its UPDATEs and DELETEs would fail", ...(isFixed ? [] : [row(table)])]);
    list.replaceChildren(rows.element);
    const more = shown.slice(most);
    say(rest, more.length === 0 ? "" : `and ${many(more.length, "table")} that are smaller: ${bytes(more.reduce((sum, one) => sum + one.bytes, 0))} together`);
    show(rest, more.length > 0);
  }

  return {
    element,
    tell(tables, isFullMeanwhile) {
      [shown, isFull] = [tables, Boolean(isFullMeanwhile)];
      show(element, tables.length > 0);
      draw();
    },
    // Once it has begun, what is moved is fixed.
    fix(value) {
      if (value === isFixed) return;
      isFixed = value;
      draw();
    },
  };
}

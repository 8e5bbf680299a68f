// Elements are made here and nowhere else: text goes in as text, so that a table named like a tag is a name.
import { linked, hint, toConnect } from "/hints.js";

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

// Writes only what changed: a screen reader is told once, a selection stays.
export function say(element, text, kind = null) {
  if (element.textContent !== text) element.textContent = text;
  if (kind !== null && element.className !== kind) element.className = kind;
}

export function show(element, isShown) {
  element.classList.toggle("gone", !isShown);
}

// A qualified name may be broken behind its dots, and not within its words as long as there is room.
function sayName(cell, name) {
  if (cell.textContent !== name) cell.replaceChildren(...name.split(/(?<=\.)/).flatMap((part, i) => i > 0 ? [el("wbr"), part] : [part]));
}

const kindOf = column => [column.isNumber ? "n" : "", column.isExtra ? "extra" : ""].filter(Boolean).join(" ") || null;

// A table whose rows have a key: rows are changed in place and keep their order.
export class Rows {
  constructor(caption, columns) {
    this.rows = new Map();
    this.body = el("tbody");
    this.columns = columns;
    this.element = el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
      el("table", {}, el("thead", {}, el("tr", {}, columns.map(column => el("th", { scope: "col", class: kindOf(column) }, column.name)))), this.body));
  }

  // In the order of these keys, in every window the same; what is in it already is left alone.
  arrange(keys) {
    const present = keys.filter(key => this.rows.has(key)).map(key => this.rows.get(key)[0].parentNode);
    if (present.some((row, i) => this.body.children[i] !== row)) this.body.prepend(...present);
  }

  clear() {
    this.rows.clear();
    this.body.replaceChildren();
  }

  set(key, values) {
    let cells = this.rows.get(key);
    if (!cells) {
      cells = this.columns.map(column => el("td", { class: kindOf(column) }));
      this.rows.set(key, cells);
      this.body.append(el("tr", {}, cells));
    }
    values.forEach((value, i) => {
      if (value instanceof Node) {
        if (cells[i].firstChild !== value) cells[i].replaceChildren(value);
      } else if (i === 0) sayName(cells[i], value);
      else say(cells[i], value ?? "");
    });
  }
}

// Of the migration that the address names.
export const shownId = () => location.hash.match(/^#\/(?!explain\b)(\w+)/)?.[1];

export function error(problem) {
  const id = shownId();
  return el("div", { class: "error", role: "alert", "data-problem": problem.code },
    problem.refused ? el("p", { class: "strong" }, problem.refused) : null,
    el("p", { class: "bad strong" }, problem.code ? `${problem.code}: ` : "", linked(problem.message ?? problem.title, id)),
    hint(problem.detail, id), hint(problem.hint, id), toConnect(problem.code, id),
    problem.code ? explained(problem.code) : null);
}

// Somebody wished for it: no error.
const wished = {
  PB0702: "It was taken back before the writers moved. They carry on where they are.",
  PB0611: "The comparison was stopped. Tables that were done stay verified.",
};

export const answer = problem => wished[problem.code] ? el("p", { class: "strong", role: "status" }, wished[problem.code]) : error(problem);

// An answer that holds only for a moment: it goes once the migration, or its writer, is another; "not possible now" also with the state.
export function passing(place, keep = 20000) {
  let [was, writer, told, since] = [null, null, null, 0];
  return ({ status }) => {
    if (!status) return;
    const is = `${status.state} ${status.paused}`;
    const settled = status.state === "none" ? "none" : ["source", "target"].includes(status.writer) ? status.writer : writer;
    if (place.firstChild !== told) [told, since] = [place.firstChild, performance.now()];
    const isRead = performance.now() - since >= keep; // What was refused a moment ago, for the very change, is still to be read.
    if (isRead && ((writer && settled !== writer) || (was && is !== was && place.querySelector('[data-problem="PB0209"], [data-problem="PB0211"]')))) place.replaceChildren();
    [was, writer] = [is, settled];
  };
}

// After an answer a button waits for the view that knows of it: until then it would offer what is done already.
export class Looks {
  waiting = []; // Several buttons may.

  look() {
    for (const go of this.waiting.splice(0)) go();
  }

  after(answer) {
    return answer.finally(() => new Promise(resolve => this.waiting.push(resolve)));
  }
}

// It knows of which migration it is read, for its links.
export const pageOf = (code, id) => `#/explain/${code}${id ? `/${id}` : ""}`;

// In a window of its own: the migration stays in sight.
export function explained(code) {
  return el("a", { href: pageOf(code, shownId()), target: "_blank", rel: "noopener" }, `What ${code} means`);
}

// What stands in a field for a number; null if nothing does. An error names it without what its label explains.
export function numberOf(input) {
  if (!input.checkValidity()) throw { code: "", message: `${input.labels?.[0]?.textContent.split(/[:(]/)[0].trim() ?? "the number"}: ${input.validationMessage}` };
  return input.value === "" ? null : Number(input.value);
}

export function facts(...names) {
  const values = Object.fromEntries(names.map(name => [name, el("dd", {}, "–")]));
  return { element: el("dl", { class: "facts" }, names.map(name => el("div", {}, el("dt", {}, name), values[name]))), values };
}

export async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  say(button, "copied");
  setTimeout(() => say(button, "copy"), 1500);
}

// An error that stays as long as it is the same one.
export class Trouble {
  constructor() {
    this.element = el("div");
  }

  set(problem) {
    const key = problem ? JSON.stringify(problem) : "";
    if (key === this.key) return;
    this.key = key;
    this.element.replaceChildren(...(problem ? [error(problem)] : []));
  }
}

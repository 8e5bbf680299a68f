// Elements are made here and nowhere else: text goes in as text, so that a table named like a tag is a name.

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
      } else say(cells[i], value ?? "");
    });
  }
}

export function error(problem) {
  return el("div", { class: "error", role: "alert" },
    el("p", { class: "bad strong" }, `${problem.code ? problem.code + ": " : ""}${problem.message ?? problem.title}`),
    problem.detail ? el("p", {}, problem.detail) : null,
    problem.hint ? el("p", {}, problem.hint) : null,
    placeOf(problem.hint, location.hash.match(/^#\/(\w+)/)?.[1]));
}

const places = { check: "check", migrate: "follow", verify: "verify", drift: "follow", pause: "follow", resume: "follow", via: "follow", cutover: "cutover", rollback: "after", finish: "after", abort: "after" };

// A hint names commands of the terminal; most of them are a step of this page.
export function placeOf(hint, id) {
  const word = id && /pgbaton (\w+)/.exec(hint ?? "")?.[1];
  return places[word] ? el("p", {}, el("a", { href: `#/${id}/${places[word]}` }, `On this page: ${places[word][0].toUpperCase()}${places[word].slice(1)}`)) : null;
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

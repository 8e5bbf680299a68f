// What a code means: a page of the documentation, whose few marks become elements.
import { el, error, pageOf } from "/dom.js";
import { get } from "/api.js";
import { linked, meant, places, toConnect } from "/hints.js";

const marks = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/;

// Sentences are about commands, and stay so: where what they name is on this page is told once. What the page has no place for is a command line's.
function typed(code, { id, told }) {
  const explained = /^pgbaton explain (PB\d+)$/.exec(code)?.[1];
  if (explained) return el("a", { href: pageOf(explained, id) }, explained);
  const here = meant(code, id);
  if (here && told.has(here.title)) return el("code", {}, code);
  if (here) told.add(here.title);
  return [el("code", {}, code), here ? [" (on this page: ", here.place, ")"] : /^(?:--[a-z]|pgbaton )/.test(code) ? " (in a terminal)" : ""].flat();
}

function inline(text, about) {
  const { id } = about;
  return text.split(marks).map(part => {
    const code = /\((PB\d+)\.md\)$/.exec(part)?.[1];
    return part.startsWith("`") ? typed(part.slice(1, -1), about)
      : part.startsWith("**") ? el("strong", {}, part.slice(2, -2))
      : code ? el("a", { href: pageOf(code, id) }, code)
      : linked(part, id);
  }).flat();
}

// A paragraph, a heading, a list or a piece of code: lines up to an empty one, or between two fences.
function* blocks(text) {
  let lines = [];
  let isCode = false;
  for (const line of text.replace(/^<!--.*-->\n/gm, "").split("\n")) {
    const isFence = line.startsWith("```");
    if ((isFence || (!isCode && line.trim() === "")) && lines.length > 0) {
      yield { isCode, lines };
      lines = [];
    }
    if (isFence) isCode = !isCode;
    else if (isCode || line.trim() !== "") lines.push(line);
  }
  if (lines.length > 0) yield { isCode, lines };
}

// The first line has the names of the columns, the second rules them off.
function tableOf([names, , ...rows], about) {
  const cells = line => line.split("|").slice(1, -1).map(cell => cell.trim());
  return el("div", { class: "wide" }, el("table", {}, el("thead", {}, el("tr", {}, cells(names).map(name => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map(row => el("tr", {}, cells(row).map(cell => el("td", {}, inline(cell, about))))))));
}

function block({ isCode, lines }, about) {
  const text = lines.join("\n");
  const heading = /^(#+) (.*)$/.exec(lines[0]);
  if (isCode) return el("div", {}, /^pgbaton /m.test(text) ? el("p", { class: "quiet" }, "In a terminal:") : null, el("pre", {}, text), places(text, about.id));
  if (heading) return heading[1].length === 1 ? el("h1", {}, heading[2].replaceAll("`", "")) : el("h2", {}, inline(heading[2], about));
  if (/^\|/.test(text)) return tableOf(lines, about);
  if (/^- /.test(text)) return el("ul", {}, text.split(/\n(?=- )/).map(item => el("li", {}, inline(item.slice(2), about))));
  if (/^\d+\. /.test(text)) return el("ol", {}, text.split(/\n(?=\d+\. )/).map(item => el("li", {}, inline(item.replace(/^\d+\. /, ""), about))));
  return el("p", {}, inline(text, about));
}

// Where the process finds a password by itself is no place of the browser's machine.
const ofPasswords = text => text.includes("PGPASSWORD")
  ? el("p", {}, "On this page the password is given in the connection string. Environment variables and files are those of the machine on which pgbaton serve runs.") : null;

// Words with a page of their own, beside the codes.
const pathOf = code => code === "concepts" ? "/concepts" : `/explain/${code}`;

// Of that page what is said here too: the rest is about the terminal.
const wordsOf = text => text.slice(text.indexOf("## The words"), text.indexOf("\n## ", text.indexOf("## The words") + 1)).replace("## ", "# ");

const unknown = (code, id) => el("div", {}, el("h1", {}, "No such code"), el("p", { role: "status" }, `There is no code ${code}.`),
  el("p", {}, id ? el("a", { href: `#/${id}/check` }, "To Check: the findings of this migration") : el("a", { href: "#/" }, "To the list of migrations")));

export function explainPanel(code, id) {
  const place = el("article");
  const about = { id, told: new Set() };
  const page = text => [...[...blocks(text)].map(one => block(one, about)), ofPasswords(text), toConnect(code, id)].filter(Boolean);
  get(pathOf(code)).then(text => place.replaceChildren(...page(code === "concepts" ? wordsOf(text) : text)), problem => place.replaceChildren(problem.code === "PB0043" ? unknown(code, id) : error(problem)));
  return { element: place, update() {} };
}

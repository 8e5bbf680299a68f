// What a code means: a page of the documentation, whose few marks become elements.
import { el, error, pageOf } from "/dom.js";
import { get } from "/api.js";
import { linked, meant, places, toConnect } from "/hints.js";

const marks = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/;

// What the page has no place for is a command line's.
const typed = code => /^(?:--[a-z]|pgbaton )/.test(code) ? [el("code", {}, code), " (in a terminal)"] : el("code", {}, code);

function inline(text, id) {
  return text.split(marks).map(part => {
    const code = /\((PB\d+)\.md\)$/.exec(part)?.[1];
    return part.startsWith("`") ? meant(part.slice(1, -1), id) ?? typed(part.slice(1, -1))
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
function tableOf([names, , ...rows], id) {
  const cells = line => line.split("|").slice(1, -1).map(cell => cell.trim());
  return el("div", { class: "wide" }, el("table", {}, el("thead", {}, el("tr", {}, cells(names).map(name => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map(row => el("tr", {}, cells(row).map(cell => el("td", {}, inline(cell, id))))))));
}

function block({ isCode, lines }, id) {
  const text = lines.join("\n");
  const heading = /^(#+) (.*)$/.exec(lines[0]);
  if (isCode) return el("div", {}, /^pgbaton /m.test(text) ? el("p", { class: "quiet" }, "In a terminal:") : null, el("pre", {}, text), places(text, id));
  if (heading) return heading[1].length === 1 ? el("h1", {}, heading[2].replaceAll("`", "")) : el("h2", {}, inline(heading[2], id));
  if (/^\|/.test(text)) return tableOf(lines, id);
  if (/^- /.test(text)) return el("ul", {}, text.split(/\n(?=- )/).map(item => el("li", {}, inline(item.slice(2), id))));
  if (/^\d+\. /.test(text)) return el("ol", {}, text.split(/\n(?=\d+\. )/).map(item => el("li", {}, inline(item.replace(/^\d+\. /, ""), id))));
  return el("p", {}, inline(text, id));
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
  const page = text => [...[...blocks(text)].map(one => block(one, id)), ofPasswords(text), toConnect(code, id)].filter(Boolean);
  get(pathOf(code)).then(text => place.replaceChildren(...page(code === "concepts" ? wordsOf(text) : text)), problem => place.replaceChildren(problem.code === "PB0043" ? unknown(code, id) : error(problem)));
  return { element: place, update() {} };
}

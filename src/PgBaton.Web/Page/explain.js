// What a code means: a page of the documentation, whose few marks become elements.
import { el, error } from "/dom.js";
import { get } from "/api.js";

const marks = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/;

function inline(text) {
  return text.split(marks).map(part => {
    const code = /\((PB\d+)\.md\)$/.exec(part)?.[1];
    return part.startsWith("`") ? el("code", {}, part.slice(1, -1))
      : part.startsWith("**") ? el("strong", {}, part.slice(2, -2))
      : code ? el("a", { href: `#/explain/${code}` }, code)
      : part;
  });
}

// A paragraph, a heading, a list or a piece of code: lines up to an empty one, or between two fences.
function* blocks(text) {
  let lines = [];
  let isCode = false;
  for (const line of text.split("\n")) {
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

function block({ isCode, lines }) {
  const text = lines.join("\n");
  const heading = /^(#+) (.*)$/.exec(lines[0]);
  if (isCode) return el("pre", {}, text);
  if (heading) return el(heading[1].length === 1 ? "h1" : "h2", {}, inline(heading[2]));
  if (/^- /.test(text)) return el("ul", {}, text.split(/\n(?=- )/).map(item => el("li", {}, inline(item.slice(2)))));
  if (/^\d+\. /.test(text)) return el("ol", {}, text.split(/\n(?=\d+\. )/).map(item => el("li", {}, inline(item.replace(/^\d+\. /, "")))));
  return el("p", {}, inline(text));
}

export function explainPanel(code) {
  const place = el("article");
  get(`/explain/${code}`).then(text => place.replaceChildren(...[...blocks(text)].map(block)), problem => place.replaceChildren(error(problem)));
  return { element: place, update() {} };
}

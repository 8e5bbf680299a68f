// A line over time: the report's drawing, made of the same figures.
import { el } from "/dom.js";
import { moment } from "/words.js";

const svg = "http://www.w3.org/2000/svg";

function shape(tag, attributes, text = null) {
  const element = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.append(text);
  return element;
}

export class LineFigure {
  constructor(label) {
    this.drawing = shape("svg", { class: "plot", role: "img", "aria-label": label });
    this.element = el("div", {}, this.drawing);
  }

  // Pixels: text is as large as it is drawn.
  get width() {
    return Math.round(this.drawing.clientWidth || this.element.clientWidth);
  }

  // Null: there is no line yet.
  show(plot) {
    if (!plot) return this.drawing.replaceChildren();
    const { width, height, left, right, points, grid, first, last } = plot;
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(
      ...grid.flatMap(({ y, label }) => [shape("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }), shape("text", { x: left - 8, y, "text-anchor": "end", "dominant-baseline": "middle" }, label)]),
      shape("polyline", { points }),
      shape("text", { x: left, y: height - 6 }, moment(first)), shape("text", { x: right, y: height - 6, "text-anchor": "end" }, moment(last)));
  }
}

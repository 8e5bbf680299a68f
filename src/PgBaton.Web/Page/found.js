// What Check has found in this window, for what was chosen then: it stands in the way of beginning too.
import { el, say, show } from "/dom.js";
import { linked } from "/hints.js";
import { many } from "/words.js";

const kept = new Map();

export const keepFound = (id, scope, findings) => kept.set(id, { scope: JSON.stringify(scope), blockers: findings.filter(one => one.severity === "blocker") });

// What was asked since knows better.
export const forgetFound = id => kept.delete(id);

export function foundPart(id) {
  const told = el("p", { class: "strong" });
  const list = el("ul");
  const element = el("section", { class: "gone" }, told, list, el("p", {}, el("a", { href: `#/${id}/check` }, "To Check")));
  let key = null;
  return {
    element,
    update(scope, isOpen) {
      const { scope: of, blockers = [] } = kept.get(id) ?? {};
      show(element, isOpen && blockers.length > 0);
      const isSame = of === JSON.stringify(scope);
      if (key === `${isSame} ${of}` || blockers.length === 0) return;
      key = `${isSame} ${of}`;
      say(told, isSame ? `Check found ${many(blockers.length, "blocker")}. Until that is mended, or something else is chosen, it does not begin:`
        : `Check found ${many(blockers.length, "blocker")}, and something else has been chosen since. Check again whether this is still so:`, isSame ? "bad strong" : "strong");
      list.replaceChildren(...blockers.slice(0, 10).map(one => el("li", {}, linked(`${one.code}: ${one.message}`, id))));
    },
  };
}

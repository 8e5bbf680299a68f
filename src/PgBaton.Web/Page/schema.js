// What became of the source's schema since it was copied, and tables that join or leave.
import { el, error, passing, say, show } from "/dom.js";
import { act, post } from "/api.js";
import { isToSettle, isVerifying } from "/now.js";
import { howPatterns, many, patternsIn } from "/words.js";

const most = 20; // Beyond that nobody reads them here.

// What a former line of the log asks for may be of the past.
function whyNot({ state, writer, via }) {
  if (state === "none") return "Tables and schema are settled while a migration is under way: there is none now.";
  if (writer !== "source") return "Tables and schema are settled while the source is the writer. The writers have moved since: there is nothing to settle here.";
  return via === "offline" ? "Tables and schema are settled where changes are followed: this is one copy, without a stream." : "";
}

// What both sides have of the objects that differ, as they were compared last.
function differing() {
  const list = el("div");
  const element = el("div", { class: "gone" }, el("p", { class: "warn strong" }, "The definitions of both sides differ:"), list);
  let shown = "";
  return {
    element,
    update({ definitions }) {
      const all = definitions?.differences ?? [];
      const key = JSON.stringify(all);
      if (key === shown) return;
      shown = key;
      show(element, all.length > 0);
      list.replaceChildren(...all.slice(0, most).map(one => el("article", { class: "finding warning" }, el("p", { class: "strong" }, `${one.object} ${one.what}`),
        ["source", "target"].filter(side => one[side]).map(side => el("div", {}, el("p", { class: "quiet" }, `On the ${side}:`), el("pre", {}, one[side].trim()))))),
        ...(all.length > most ? [el("p", { class: "quiet" }, `and ${many(all.length - most, "object")} more`)] : []));
    },
  };
}

export function schemaPart(id) {
  const differences = differing();
  const place = el("div");
  const told = el("p", { role: "status" });
  const look = el("button", { type: "button" }, "Look for drift");
  const apply = el("button", { type: "button" }, "Apply it to the target");
  const accept = el("button", { type: "button" }, "I have brought the target level");
  const which = el("input", { id: "which", type: "text", spellcheck: "false", placeholder: "such as sales.invoice_*", "aria-describedby": "which-told" });
  const add = el("button", { type: "button" }, "Take along");
  const remove = el("button", { class: "danger", type: "button" }, "Give up");
  let isReached = false; // By a link, and the answer is not there yet.
  let doing = ""; // What is told until there is an answer.
  show(apply, false);
  show(accept, false);

  // What is left to settle comes as an error with the statements.
  const drift = body => async () => {
    doing = "looking …";
    say(told, doing, "");
    try {
      await post(`/migrations/${id}/words/drift`, { wait: true, ...body });
    } catch (problem) {
      doing = "";
      say(told, "");
      show(apply, problem.exit_code === 5);
      show(accept, problem.exit_code === 5);
      if (isReached && problem.exit_code === 5) apply.focus({ preventScroll: true });
      isReached = false;
      throw problem;
    }
    if (goesOn && Object.keys(body).length > 0) await post(`/migrations/${id}/run`); // What had stopped it here is settled.
    [doing, isReached] = ["", false];
    say(told, "Nothing is to be settled: the schema on the target is that of the source, or was accepted as it is.", "good strong");
    show(apply, false);
    show(accept, false);
  };
  look.addEventListener("click", act(look, place, drift({})));
  apply.addEventListener("click", act(apply, place, drift({ apply: true })));
  accept.addEventListener("click", act(accept, place, drift({ accept: true })));

  const change = (field, done) => async () => {
    const names = patternsIn(which.value);
    if (names.length === 0) {
      say(told, "");
      place.replaceChildren(error({ message: "which tables?", hint: "Name at least one." }));
      which.focus();
      return;
    }
    doing = "the stream stands meanwhile …";
    say(told, doing, "");
    try {
      await post(`/migrations/${id}/words/tables`, { wait: true, [field]: names });
    } catch (problem) {
      doing = "";
      say(told, "");
      throw problem;
    }
    doing = "";
    say(told, done, "good strong");
    which.value = "";
    show(apply, false); // What was told before may be settled by it: it is looked for anew.
    show(accept, false);
  };
  add.addEventListener("click", act(add, place, change("add_tables", "They are moved too now.")));
  remove.addEventListener("click", act(remove, place, change("remove_tables", "They are dropped on the target and followed no longer.")));

  const details = el("details", {}, el("summary", { id: "schema" }, "Tables and schema"),
    el("p", { class: "quiet" }, "DDL is not carried over by itself: a change of the source's schema stops the stream or the cutover with what is different, until it is settled here. \"Apply it to the target\" runs the statements that are told, and copies the rows of tables that are new or made anew. \"Take along\" is for tables that the choice of tables had left out."),
    el("div", { class: "buttons" }, look, apply, accept),
    differences.element, el("label", { for: "which" }, "Tables to take along, or to give up"), which, el("p", { id: "which-told", class: "hint" }, howPatterns), el("div", { class: "buttons" }, add, remove), place, told);
  const past = el("p", { class: "warn strong gone", role: "status" });
  const element = el("div", {}, details, past);
  const pass = passing(place);
  let isNeeded = false;
  let goesOn = false; // An engine of this process has stopped for what is settled here.
  let why = ""; // Why nothing can be settled here now; empty where it can.
  function update(view) {
    pass(view);
    if (doing && told.textContent) say(told, isVerifying(view) ? "waits for the comparison that is under way (Verify) …" : doing);
    if (!view.status) return;
    why = whyNot(view.status);
    differences.update(view.status);
    show(details, why === "");
    if (why === "") show(past, false);
    goesOn = view.failure?.code === "PB0509" && !view.is_running_here;
    if (isToSettle(view) === isNeeded) return;
    isNeeded = isToSettle(view);
    details.open ||= isNeeded;
    for (const one of [apply, accept]) show(one, isNeeded); // The statements have been told.
    apply.classList.toggle("first", isNeeded);
  }

  // A link that leads here is about what has changed: it is looked for at once, and what can be done then is at hand.
  function reach() {
    details.open = true;
    say(past, why);
    show(past, why !== "");
    if (why !== "" || look.disabled) return;
    if (goesOn) return apply.focus(); // What it stopped for stands above.
    isReached = true;
    look.click();
  }
  return { element, update, reach };
}

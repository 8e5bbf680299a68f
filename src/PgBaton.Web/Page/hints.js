// Hints are written for the terminal. What they name is a step or a field of this page here.
import { el } from "/dom.js";

const commands = {
  check: ["check", "Check"], migrate: ["follow", "Follow: go on with it"], verify: ["verify", "Verify"], drift: ["follow", "Follow: what changed in the schema"],
  pause: ["follow", "Follow: Pause"], resume: ["follow", "Follow: Resume"], status: ["follow", "Follow"], cutover: ["cutover", "Cut over"],
  rollback: ["after", "After: Roll back"], finish: ["after", "After: Finish"], abort: ["after", "After: Abort"],
};

const options = {
  "--replica-identity full": ["prepare", "Give tables without a key REPLICA IDENTITY FULL"], "--existing-schema": ["prepare", "The target has the tables already"],
  "--owners": ["prepare", "Keep owners"], "--privileges": ["prepare", "Keep privileges"], "--roles": ["prepare", "Make roles that are missing"],
  "--no-security-labels": ["prepare", "Leave security labels behind"], "--offline": ["prepare", "Offline"], "--large-objects skip": ["prepare", "Large objects: leave them behind"],
  "--ignore": ["prepare", "Go on in spite of these findings"], "--jobs": ["prepare", "Connections to each side"], "--no-reverse": ["cutover", "Give up the way back"],
  "--repair": ["verify", "Verify and repair"],
};

const named = new RegExp(`"?pgbaton (${Object.keys(commands).join("|")})\\b( --[a-z-]+)?"?|(${Object.keys(options).join("|")})\\b`, "g");

// The words of a hint, with links where they name a step of the migration with that id.
export function hint(text, id) {
  if (!text) return null;
  if (!id) return el("p", {}, text);
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(named)) {
    const [stage, title] = options[found[3] ?? (found[2] ?? "").trim()] ?? commands[found[1]];
    parts.push(text.slice(at, found.index), el("a", { href: `#/${id}/${stage}` }, title));
    at = found.index + found[0].length;
  }
  return el("p", {}, parts, text.slice(at));
}

// Hints are written for the terminal. What they name is a step or a field of this page here.
import { el } from "/dom.js";

const commands = {
  check: ["check", "Check"], migrate: ["follow", "Follow: go on with it"], verify: ["verify", "Verify"], drift: ["follow", "Follow: what changed in the schema"],
  pause: ["follow", "Follow: Pause"], resume: ["follow", "Follow: Resume"], status: ["", "Now and Next, above"], cutover: ["cutover", "Cut over"],
  rollback: ["after", "After: Roll back"], finish: ["after", "After: Finish"], abort: ["after", "After: Abort"],
};

const options = {
  "--replica-identity full": ["prepare/replica_identity_full", "Give tables without a key REPLICA IDENTITY FULL"], "--existing-schema": ["prepare/existing_schema", "The target has the tables already"],
  "--owners": ["prepare/owners", "Keep owners"], "--privileges": ["prepare/privileges", "Keep privileges"], "--roles": ["prepare/roles", "Make roles that are missing"],
  "--no-security-labels": ["prepare/no_security_labels", "Leave security labels behind"], "--offline": ["prepare/offline", "Offline"], "--large-objects skip": ["prepare/large_objects", "Large objects: leave them behind"],
  "--ignore": ["prepare/ignore", "Go on in spite of these findings"], "--jobs": ["prepare/jobs", "Connections to each side"], "--no-reverse": ["cutover/no-reverse", "Give up the way back"],
  "--repair": ["verify", "Verify and repair"], "--cancel": ["cutover", "Cut over: Cancel the cutover"],
};

const target = found => options[found[3] ?? (found[2] ?? "").trim()] ?? commands[found[1]];

const named = new RegExp(`"?pgbaton (${Object.keys(commands).join("|")})\\b( --[a-z-]+)?"?|(${Object.keys(options).join("|")})\\b`, "g");

// Without a step: where the work is, with what always stands above it.
const link = (id, path, title) => el("a", { href: path ? `#/${id}/${path}` : `#/${id}` }, title);

// What of this page a text means, as links; what has to be done elsewhere stays a text.
export function places(text, id) {
  const found = id && text ? [...text.matchAll(named)].map(one => target(one)) : [];
  return found.length === 0 ? null
    : el("p", {}, "On this page: ", [...new Map(found.map(one => [one[1], one])).values()].flatMap(([path, title], i) => [i > 0 ? " · " : "", link(id, path, title)]));
}

// The words of a hint, with links where they name a step of the migration with that id.
export function hint(told, id) {
  if (!told) return null;
  const text = told.replace(/"?pgbaton explain (?:PB\d+|CODE)\b"?/g, "the page of the code");
  if (!id) return el("p", {}, text);
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(named)) {
    const [path, title] = target(found);
    parts.push(text.slice(at, found.index), link(id, path, title));
    at = found.index + found[0].length;
  }
  return el("p", {}, parts, text.slice(at));
}

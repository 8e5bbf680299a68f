// Hints are written for the terminal. What they name is a step or a field of this page here.
import { el, pageOf } from "/dom.js";

const commands = {
  check: ["check", "Check"], migrate: ["follow", "Follow: Go on with it here"], verify: ["verify", "Verify"], drift: ["follow/schema", "Follow: Tables and schema"],
  pause: ["follow", "Follow: Pause"], resume: ["follow", "Follow: Resume"], status: ["", "this page"], tables: ["follow/schema", "Follow: Tables and schema"], cutover: ["cutover", "Cut over"],
  rollback: ["after", "After: Roll back"], finish: ["after", "After: Finish"], abort: ["after", "After: Abort"],
};

const options = {
  "--replica-identity full": ["prepare/replica_identity_full", "Give tables without a key REPLICA IDENTITY FULL"], "--existing-schema": ["prepare/existing_schema", "The target has the tables already"],
  "--owners": ["prepare/owners", "Keep owners"], "--privileges": ["prepare/privileges", "Keep privileges"], "--roles": ["prepare/roles", "Make roles that are missing"],
  "--no-security-labels": ["prepare/no_security_labels", "Leave security labels behind"], "--offline": ["prepare/offline", "Offline"], "--large-objects skip": ["prepare/large_objects", "Large objects: leave them behind"],
  "--ignore": ["prepare/ignore", "Go on in spite of these findings"], "--jobs": ["prepare/jobs", "Connections to each side"], "--no-reverse": ["cutover/no-reverse", "Give up the way back"],
  "--repair": ["verify", "Verify and repair"], "--cancel": ["cutover", "Cut over: Cancel the cutover"], "verify --cancel": ["verify", "Verify: Stop comparing"], "--rehearse": ["cutover", "Cut over: Rehearse"],
  "--max-downtime": ["cutover/budget", "Give up and lift the fence after seconds"], "--apply": ["follow/schema", "Tables and schema: Apply it to the target"], "--accept": ["follow/schema", "Tables and schema: I have brought the target level"], "status --json": ["follow/schema", "Follow: Tables and schema"],
  "-t": ["prepare/tables", "Only these tables"], "-n": ["prepare/schemas", "Only these schemas"], "-T": ["prepare/excluded_tables", "Not these tables"], "-N": ["prepare/excluded_schemas", "Not these schemas"],
};

// What is said to the process, and not on the page.
const elsewhere = {
  "--pg-bin": "(start pgbaton serve with --pg-bin FOLDER)", "--target-disk": "(with --target-disk, when it is checked in a terminal)", "--fence-first": "(with --fence-first, when it is begun in a terminal)",
};

export const spoken = text => text.replace('shows each with its fix, "pgbaton explain CODE" what is behind it. What you accept can be passed over with --ignore CODE.', "shows each with its fix. What you accept can be passed over: --ignore.")
  .replace(", in PGPASSWORD or in ~/.pgpass (mode 0600)", "").replace("--ignore CODE", "--ignore")
  .replace("Say how much there is (--target-disk), or compare yourself", "Compare it with what the target has").replace(/"?pgbaton explain (?:PB\d+|CODE)\b"?/g, "the page of the code")
  .replace("Finish or abort that migration first: pgbaton finish --target <this source>.", "Finish or abort that migration first, where it is run. If it is in the list under Connect, do it there: it is the one whose target is this source.")
  .replace(" (--via subscription)", "").replace('Wait until "pgbaton status" says in-sync.', "Wait until the target is in step; if nobody runs it, go on with it (Follow).").replace("; psql -l lists those of the server", "").replace("See \"pgbaton status\" for what is possible.", "The lines above the steps say what is going on, and what comes next.")
  .replace("until the operator says rollback (the fenced steps, then follow) or finish", "until you roll back, or finish").replace("until the operator says cutover", "until you cut over")
  .replace(/(?:with |\(|: )?(--pg-bin|--target-disk|--fence-first)\b(?: FOLDER| DIR| SIZE)?\)?/g, (_, option) => ` ${elsewhere[option]}`).replace(/ {2,}\(/g, " (");

const target = found => found[0] === "the list under Connect" ? [null, found[0]] : options[`${found[1]}${found[2]}`] ?? options[found[3] ?? (found[2] ?? "").trim()] ?? commands[found[1]];

const named = new RegExp(`the list under Connect|"?pgbaton (${Object.keys(commands).join("|")})\\b( --[a-z-]+)?"?|(?<![\\w-])(${Object.keys(options).join("|")})\\b`, "g");

// Without a step: where the work is, with what always stands above it.
const link = (id, path, title) => el("a", { href: path === null ? "#/" : path ? `#/${id}/${path}` : `#/${id}` }, title);

// What of this page a text means, as links; what has to be done elsewhere stays a text.
export function places(text, id) {
  const found = id && text ? [...text.matchAll(named)].map(one => target(one)) : [];
  return found.length === 0 ? null
    : el("p", {}, "On this page: ", [...new Map(found.map(one => [one[1], one])).values()].flatMap(([path, title], i) => [i > 0 ? " · " : "", link(id, path, title)]));
}

// In a window of its own, as what a code means has to be read beside the text.
const withCodes = (text, id) => text.split(/\b(PB\d{4})\b/).map((part, i) => i % 2 === 0 ? part : el("a", { href: pageOf(part, id), target: "_blank", rel: "noopener" }, part));

// The words of a text for the terminal as this page has them: links, if it is known of which migration.
export function linked(told, id) {
  const text = spoken(told);
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(named)) {
    const [path, title] = target(found);
    parts.push(...withCodes(text.slice(at, found.index), id), id || path === null ? link(id, path, title) : `"${title}"`);
    at = found.index + found[0].length;
  }
  return [...parts, ...withCodes(text.slice(at), id)];
}

// A command or an option that stands by itself, as a page about a code has it: where that is on this page; null if it is none of the page's.
export function meant(code, id) {
  const text = commands[code] ? `pgbaton ${code}` : code;
  const found = text.search(named) === 0 ? target([...text.matchAll(named)][0]) : null;
  if (!found) return null;
  const [path, name] = found;
  const title = path === "" ? "above the steps" : name;
  return { title, place: id || path === null ? link(id, path, title) : `"${title}"` };
}

const list = () => el("a", { href: "#/" }, "See the list under Connect.");

export function hint(told, id) {
  if (!told) return null;
  if (told.startsWith("GET /api/v1/migrations ")) return el("p", {}, list());
  const [first, ...rest] = told.split("\n"); // What a person can do, and below it the statements that do it.
  const code = rest.join("\n");
  return isCode(code) && !isCode(first) ? el("div", {}, el("p", {}, linked(first, id)), el("pre", {}, code)) : el("p", {}, linked(told, id));
}

// Statements to copy, and apart from them what a comment says about options: those are fields here.
export function parted(fix) {
  const comments = [];
  const code = fix.split("\n").map(line => line.replace(/(?:^|\s+)-- (.*)$/, (all, comment) => comment.search(named) < 0 ? all : (comments.push(comment), ""))).filter(Boolean);
  return { code: code.join("\n"), rest: comments.join("\n") };
}

// What the connection strings have to do with it is mended where they are given.
export function toConnect(code, id) {
  const isOfConnection = /^PB(0001|01\d\d|1001)$/.test(code ?? "");
  return id && isOfConnection ? el("p", {}, link(id, "connect", "Give other connection strings, under Connect")) : null;
}

// A statement or a command to copy, and no sentence about what to do.
export function isCode(fix) {
  return /^\s*(?:--|#|[A-Z]{2,}(?: [A-Z(]|.*;)|(?:sudo|psql|apt|apt-get|dnf|yum|brew|createdb|pg_\w+|pgbaton|aws|az|gcloud|doctl|fly|flyctl|heroku|ibmcloud|supabase|curl|export|systemctl)\s|[a-z_.]+ = \S)/m.test(fix);
}

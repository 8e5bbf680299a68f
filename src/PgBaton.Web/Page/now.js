// The three things that are always visible: what is happening, what comes next, whether it is safe to leave.
import { say } from "/dom.js";
import { bytes, duration, many } from "/words.js";

const busy = {
  check: "asking both servers every preflight question", slot: "making publication and replication slot on the source",
  "pre-data": "making tables on the target", copy: "copying rows", "post-data": "building indexes and keys", follow: "applying the source's changes",
  fence: "fence: the last changes are being applied, nobody can write", sequences: "setting sequences, nobody can write", reverse: "starting the way back, nobody can write",
  open: "opening the new writer", return: "carrying the target's changes back to the source", clean: "cleaning up on both servers",
};

// The word verify of any process, as far as it is known here.
export const isVerifying = view => waits(view, "verify") || (view.status?.word === "verify" && Boolean(view.status.engine));

// The source's bytes are counted; when all are read, the target's may not be, and buckets of rows that differ are read once more.
export function comparing({ table, all_bytes_done: done, all_bytes_total: total }) {
  return done < total ? `comparing ${table}: ${bytes(done)} of ${bytes(total)}` : `comparing: all ${bytes(total)} are read on the source; the target is read to the end, and what does not match once more`;
}

const titles = {
  verify: "a comparison", rehearsal: "a rehearsal of the cutover", cutover: "the cutover", rollback: "the way back", drift: "a look at the schema", tables: "a change of what is moved",
  pause: "a pause", finish: "the end", abort: "the undoing", cancel: "a cancellation", via: "a change of who carries the changes",
};

// Somebody said that word, and it is not carried out yet.
export const waits = (view, name) => view.words.some(word => word.word === name && !word.is_done);

const isMove = word => ["cutover", "rollback"].includes(word.word);

// Since the writers were last moved, in this process.
function isRehearsed({ words }) {
  const newest = words.findLast(one => one.word === "rehearsal" || isMove(one));
  return newest?.word === "rehearsal" && newest.outcome?.exit_code === 0;
}

const titleOf = word => titles[word.word] ?? word.word;

// Somebody said it, here or elsewhere, and writers do not move at this moment: then it would be refused.
export const isUndoing = view => view.status.writer !== "target" && !isMoving(view.status) && (waits(view, "abort") || view.status.word === "abort");

// It has been asked for, and has no journal yet.
export const isBeginning = view => view.status?.state === "none" && !view.last && !view.was && view.is_running_here;

export const isMoving = status => ["fence", "sequences", "reverse", "open"].includes(status.step) && !status.safe_to_close;

// The writers are where it wants them, and only its answer is still to come.
const isReached = ({ status }, { word }) => !isMoving(status) && status.writer === { cutover: "target", rollback: "source" }[word];

// Several words may wait at once: the first is carried out, but inside the fence it is the one that moves the writers.
function pending(view) {
  const words = view.words.filter(word => !word.is_done && word.word !== "resume" && !isReached(view, word)); // What was resumed is told by what goes on.
  const move = words.find(isMove);
  if (move && ["fence", "sequences", "reverse", "open", "return"].includes(view.status.step)) return [move];
  return move && move !== words[0] ? [words[0], move] : words.slice(0, 1);
}

function orders(view) {
  const [first, after] = pending(view);
  if (!first) return "";
  return `${titleOf(first)} is being carried out; ${after ? `${titleOf(after)} comes after it; ` : ""}`;
}

// One copy without a stream has nothing that keeps WAL.
const isWalKept = status => status.via !== "offline";

// A server that answers says why it does not do what is asked.
export const whySilent = ({ code, message }) => ["PB0101", "PB0103", "PB0108"].includes(code) ? "does not answer" : message;

function now(view) {
  const status = view.status;
  if (view.status_error) return whySilent(view.status_error) === view.status_error.message ? view.status_error.message : `the target does not answer: ${view.status_error.message}`;
  const said = orders(view);
  if (status.state === "none") return view.last ? "the migration is over" : view.was ? "ending: the journal is gone" : view.is_running_here ? "beginning" : "nothing has begun";
  if (isUndoing(view)) return "undoing: everything the migration made is dropped";
  if (status.has_way_back === false && ["return", "follow"].includes(status.step)) return `${said}the target is the writer; there is no way back`;
  if (status.paused) return `paused: nothing is read or written${isWalKept(status) ? ", and the writer's server keeps all WAL meanwhile" : ""}`;
  if (status.via === "subscription" && !status.engine && status.state !== "stopped") return `${said}the servers carry the changes by themselves`;
  if (!status.engine && !view.is_running_here) return `${said}stopped: no process runs this migration`;
  const { bytes_done: done, bytes_total: total } = status.copy;
  if (status.step === "copy" && total > 0 && done >= total) return `${said}building indexes: all rows are there`;
  if (status.step === "fence" && status.writer !== "none") return `${said}getting ready for the fence: writers go on`;
  const copying = status.step === "copy" ? `: ${bytes(done)} of ${bytes(total)}` : "";
  return `${said}${busy[status.step] ?? status.state}${copying}`;
}

// A table that is not verified is verified before the fence.
export const isVerifiedFirst = blocker => blocker.code === "PB1702";

// The newest look at the schema, in this process, found what is still to be settled: the cutover would be refused for it.
export const isDrifted = ({ words, status }) => status?.writer === "source" && words.findLast(word => word.word === "drift" && word.is_done)?.outcome?.exit_code === 5;

// The schema has to be settled, by whatever has told so: a look, the watch beside the stream, or what stopped it.
export const isToSettle = view => isDrifted(view) || view.failure?.code === "PB0509" || Boolean(view.status?.writer === "source" && view.status.blockers?.some(one => one.code === "PB1703"));

function next(view) {
  const status = view.status;
  if (!status) return "wait, or look at the connection";
  if (status.state === "none" && view.last) return view.last.state === "aborted" ? "keep the report, or begin again under Prepare" : view.last.has_report ? "keep the report" : view.last.writer === "target" ? "nothing is left to do" : "nothing, or begin again under Prepare";
  if (view.failure) return status.state === "none" ? "mend what stopped it, as it is told below; then begin again"
    : isToSettle(view) ? "settle what changed in the schema (Follow: Tables and schema), then go on" : `mend what stopped it (${view.failure.code}), then go on`;
  if (status.state === "none") return view.is_running_here || view.was ? "wait" : "check, choose what to move, begin";
  if (isUndoing(view)) return "wait: everything is being undone";
  if (status.paused) return "resume";
  if (pending(view).some(word => word.word === "rollback")) return "wait: the writers go back to the source";
  if (status.writer === "none" || isMoving(status)) return "wait: this takes seconds";
  if (waits(view, "rehearsal")) return "wait: the rehearsal";
  if (waits(view, "cutover") && status.writer === "source") return "wait: tables are compared first, then the writers move";
  if (isVerifying(view) && (status.writer === "target" || status.engine || view.is_running_here || status.via === "subscription")) return "wait: tables are being compared";
  if (status.writer === "target") return status.state === "finished" ? "wait: both servers are cleaned" : status.has_way_back === false ? "watch the application; then finish" : "watch the application; then finish, or roll back";
  if (!status.engine && !view.is_running_here && status.via !== "subscription") return "go on with it: the source keeps WAL meanwhile";
  if (status.step === "follow" && isToSettle(view)) return "settle what changed in the schema (Follow: Tables and schema)";
  if (status.step === "follow" && status.blockers?.some(one => one.code === "PB1701")) return "wait until the target is in step";
  if (status.step === "follow" && status.blockers?.some(one => !isVerifiedFirst(one))) return "settle what stands in the way (Cut over)";
  if (status.step === "follow" && ["in-sync", "copied", "rolled-back"].includes(status.state))
    return status.tables.verified < status.tables.total ? `verify ${many(status.tables.total - status.tables.verified, "table")}` : isRehearsed(view) ? "cut over" : "rehearse, then cut over";
  if (status.copy.eta_seconds !== null && status.step === "copy")
    return status.copy.eta_seconds < 1 ? "wait: the indexes are being built" : `wait: about ${duration(status.copy.eta_seconds)} for the rows, then the indexes`;
  return "wait until the target is in step";
}

// Nobody works, and the slot keeps what is written meanwhile.
export const isStopped = ({ status, is_running_here: isHere }) => Boolean(status) && status.state !== "none" && !status.engine && !isHere && status.via === "relay" && status.has_way_back !== false;

// The window is a view; what must not end is the process.
function safe(view) {
  if (view.status && !view.status.safe_to_close && view.status.step === "fence" && view.status.writer !== "none")
    return ["Yes, but do not end the pgbaton process: the writers are about to move", "warn"];
  if (view.status && !view.status.safe_to_close)
    return ["Yes, but do not end the pgbaton process: writers wait for it", "bad"];
  if (view.status?.paused && !isUndoing(view))
    return isWalKept(view.status) ? ["Yes, but do not forget it: WAL is kept until it is resumed", "warn"] : ["Yes, but do not forget it: nothing goes on until it is resumed", "warn"];
  if (isStopped(view))
    return ["Yes, but do not forget it: nothing is applied, WAL is kept meanwhile", "warn"];
  if (view.is_running_here || view.words.some(word => !word.is_done))
    return ["Yes: the pgbaton process does the work, and may be stopped and run again", "good"];
  return ["Yes", "good"];
}

const grades = ["good", "warn", "bad"];

// Where no migration is chosen: what this process knows, as the list has it.
let known = [];
const worst = views => views.map(safe).sort((a, b) => grades.indexOf(b[1]) - grades.indexOf(a[1]))[0] ?? ["Yes", "good"];

export function tellKnown(views, isHome) {
  known = views;
  if (isHome) tell(null);
}

export const subjectOf = code => code === "concepts" ? "the words" : code;

// The page of a code has a tab of its own.
export function tell(view, code = null) {
  const [nowAt, nextAt, safeAt] = ["now", "next", "safe"].map(id => document.getElementById(id));
  if (!view) {
    say(nowAt, code ? `reading about ${subjectOf(code)}` : "nothing is chosen");
    say(nextAt, code ? "close this tab to go back" : known.length > 0 ? "give two connection strings, or choose a migration" : "give two connection strings");
    say(safeAt, ...worst(code ? [] : known));
    return;
  }
  say(nowAt, now(view));
  say(nextAt, next(view));
  say(safeAt, ...safe(view));
}

// The three things that are always visible: what is happening, what comes next, whether it is safe to leave.
import { say } from "/dom.js";
import { bytes, duration, many } from "/words.js";

const busy = {
  check: "asking both servers every preflight question", slot: "making publication and replication slot on the source",
  "pre-data": "making tables on the target", copy: "copying rows", "post-data": "building indexes and keys", follow: "applying the source's changes",
  fence: "fence: the last changes are being applied, nobody can write", sequences: "setting sequences, nobody can write", reverse: "starting the way back, nobody can write",
  open: "opening the new writer", return: "carrying the target's changes back to the source", clean: "cleaning up on both servers",
};

const titles = { rehearsal: "a rehearsal of the cutover", cutover: "the cutover", rollback: "the way back" };

function now(view) {
  const status = view.status;
  if (view.status_error) return `the target does not answer: ${view.status_error.message}`;
  const word = view.words.find(one => !one.is_done);
  const said = word ? `${titles[word.word] ?? word.word} is being carried out; ` : "";
  if (status.state === "none") return view.last ? "the migration is over" : view.was ? "ending: the journal is gone" : view.is_running_here ? "beginning" : "nothing has begun";
  if (status.paused) return "paused: nothing is read or written";
  if (status.via === "subscription" && !status.engine && status.state !== "stopped") return `${said}the servers carry the changes by themselves`;
  if (!status.engine && !view.is_running_here) return `${said}stopped: no process runs this migration`;
  const copying = status.step === "copy" ? `: ${bytes(status.copy.bytes_done)} of ${bytes(status.copy.bytes_total)}` : "";
  return `${said}${busy[status.step] ?? status.state}${copying}`;
}

function next(view) {
  const status = view.status;
  if (!status) return "wait, or look at the connection";
  if (status.state === "none" && view.last) return view.last.state === "aborted" ? "keep the report, or begin again under Check" : "keep the report";
  if (view.failure) return `mend what stopped it (${view.failure.code}), then go on`;
  if (status.state === "none") return view.is_running_here ? "wait" : "check, choose what to move, begin";
  if (status.paused) return "resume";
  if (view.words.some(word => word.word === "rollback" && !word.is_done)) return "wait: the writers go back to the source";
  if (status.writer === "target") return status.state === "finished" ? "wait: both servers are cleaned" : "watch the application; then finish, or roll back";
  if (status.writer === "none") return "wait: this takes seconds";
  if (!status.engine && !view.is_running_here && status.via !== "subscription") return "go on with it: the source keeps WAL meanwhile";
  if (status.step === "follow" && ["in-sync", "copied", "rolled-back"].includes(status.state))
    return status.tables.verified < status.tables.total ? `verify ${many(status.tables.total - status.tables.verified, "table")}` : "rehearse, then cut over";
  if (status.copy.eta_seconds !== null && status.step === "copy") return `wait: about ${duration(status.copy.eta_seconds)} for the rows, then the indexes`;
  return "wait until the target is in step";
}

// The window is a view; what must not end is the process.
function safe(view) {
  if (view.status && !view.status.safe_to_close)
    return ["Yes, but do not end the pgbaton process: writers wait for it", "bad"];
  if (view.is_running_here || view.words.some(word => !word.is_done))
    return ["Yes: the work goes on in the pgbaton process, which may be stopped and run again", "good"];
  return ["Yes", "good"];
}

export function tell(view) {
  const [nowAt, nextAt, safeAt] = ["now", "next", "safe"].map(id => document.getElementById(id));
  if (!view) {
    say(nowAt, "nothing is chosen");
    say(nextAt, "give two connection strings, or choose a migration");
    say(safeAt, "Yes", "good");
    return;
  }
  say(nowAt, now(view));
  say(nextAt, next(view));
  say(safeAt, ...safe(view));
}

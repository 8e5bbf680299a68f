// What is moved, and how: chosen before a migration begins, kept by the process.
import { put } from "/api.js";

let last = Promise.resolve();
const kept = new Map();

// One after the other: the newest choice is the one that stays.
export function save(id, scope) {
  last = last.catch(() => {}).then(async () => kept.set(id, (await put(`/migrations/${id}/scope`, scope)).scope));
  return last;
}

// What this window has chosen; a view may be of before that.
export const chosen = id => kept.get(id);

// Once what was chosen is known to the process, or refused.
export const saved = () => last.catch(() => {});

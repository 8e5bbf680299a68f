// What is moved, and how: chosen before a migration begins, kept by the process.
import { put } from "/api.js";

let last = Promise.resolve();

// One after the other: the newest choice is the one that stays.
export function save(id, scope) {
  last = last.catch(() => {}).then(() => put(`/migrations/${id}/scope`, scope));
  return last;
}

// Once what was chosen is known to the process, or refused.
export const saved = () => last.catch(() => {});

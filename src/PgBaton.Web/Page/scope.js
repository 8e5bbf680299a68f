// What is moved, and how: chosen before a migration begins, kept by the process, the same in every window.
import { put } from "/api.js";

const recent = 1500; // Milliseconds: a view that was made before may come so late.
const kept = new Map();
let last = Promise.resolve();
let saving = 0;

// What the page has no field for stays, unless it goes with nothing that was chosen here.
export function merged(scope, chosen) {
  const next = { ...scope, large_objects: null, ...chosen };
  if (next.offline) next.via = null;
  else next.fence_first = false;
  if (next.owners) next.target_owner = null;
  return next;
}

// One after the other: the newest choice is the one that stays.
export function save(id, scope, chosen) {
  saving++;
  last = last.catch(() => {}).then(async () => {
    const view = await put(`/migrations/${id}/scope`, merged(scope, chosen));
    kept.set(id, { scope: view.scope, former: JSON.stringify(scope), at: performance.now() });
  }).finally(() => saving--);
  return last;
}

export const isSaving = () => saving > 0;

// What the process has, as far as this window knows.
export function present(view) {
  const own = kept.get(view.id);
  return own && performance.now() - own.at < recent && JSON.stringify(view.scope) === own.former ? own.scope : view.scope;
}

// Once what was chosen is known to the process, or refused.
export const saved = () => last.catch(() => {});

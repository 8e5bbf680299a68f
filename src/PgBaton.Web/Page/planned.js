// What a migration was said to take; the process keeps it, for every window.
import { get } from "/api.js";
import { duration } from "/words.js";

const kept = new Map(); // By migration: the newest that this window has got.

// Null as long as nobody has asked, or something else was chosen since.
export async function planOf({ id, planned_at: at }) {
  if (!at) return null;
  if (kept.get(id)?.at !== at) kept.set(id, { at, plan: await get(`/migrations/${id}/plan`) });
  return kept.get(id).plan;
}

// A sample of a second tells no more.
export const range = seconds => seconds === null ? "not known" : seconds < 5 ? "less than 10 s" : `${duration(seconds / 2)} to ${duration(seconds * 2)}`;

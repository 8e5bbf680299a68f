// Numbers as the terminal says them.

export function bytes(n) {
  if (n === null || n === undefined) return "–";
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let i = 0;
  while (Math.abs(n) >= 999.5 && i < units.length - 1) { n /= 1024; i++; } // Powers of 1024, as PostgreSQL counts.
  return `${i === 0 || Math.abs(n) >= 99.5 ? Math.round(n) : n.toFixed(1)} ${units[i]}`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return minutes < 60 * 48 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} days`;
}

export function count(n) {
  return n === null || n === undefined ? "–" : n.toLocaleString("en-US");
}

export function many(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

// With the day, for what may be of another one.
export function moment(at) {
  return new Date(at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB");
}

// Patterns of names as they are typed: blanks separate them, but not within quotes.
export const patternsIn = text => text.match(/(?:"(?:[^"]|"")*"?|[^\s"])+/g) ?? [];

export const howPatterns = "Several names are separated by blanks; * stands for anything and ? for one character, as in psql.";

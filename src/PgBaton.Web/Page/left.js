// How long the rows were said to take, before it began.
import { duration } from "/words.js";

// By migration, as it was last told under Prepare: seconds.
export const estimates = new Map();

// A sample of a second tells no more.
export const range = seconds => seconds === null ? "not known" : seconds < 5 ? "seconds" : `${duration(seconds / 2)} to ${duration(seconds * 2)}`;

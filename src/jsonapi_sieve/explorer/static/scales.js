// From values to places in a plot, and to the texts at its axes.

/** Maps a range of values to a range of places; `back` maps a place to its value. */
export function linear(first, last, start, end) {
  const factor = (end - start) / (last - first || 1);
  const scale = (value) => start + (value - first) * factor;
  scale.back = (place) => first + (place - start) / factor;
  scale.last = last;
  return scale;
}

/** Gives about so many round numbers from first to last. */
export function ticks(first, last, about) {
  const step = Math.max(1, roundUp((last - first) / about));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, number) => first + number * step);
}

function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(number || 1));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= number);
}

const HOURS = [1, 3, 6, 12, ...[1, 2, 7, 14, 30, 91, 365, 3_650].map((days) => days * 24)].map((hours) => hours * 3_600);
const STEPS = [1, 5, 15, 60, 300, 900, 1_800, ...HOURS].map((seconds) => seconds * 1_000);

/** Gives about so many moments, each with its text, of a range in milliseconds. */
export function timeTicks(from, to, about) {
  const wanted = (to - from) / about;
  const step = STEPS.find((size) => size >= wanted) ?? STEPS.at(-1);
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, number) => {
    const moment = new Date(first + number * step).toISOString();
    const midnight = moment.slice(11, 19) === "00:00:00";
    return [first + number * step, midnight ? moment.slice(0, 10) : moment.slice(11, step < 60_000 ? 19 : 16)];
  });
}

/** Writes a moment as people read it: 2026-11-22 10:00:00 UTC. */
export function momentText(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const COUNTS = new Intl.NumberFormat("en");

export function countText(count) {
  return COUNTS.format(count);
}

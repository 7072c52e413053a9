// What matched, drawn: the time plot and the small ones beside it.

import { brush } from "./brush.js";
import { h, s } from "./dom.js";
import { countText, linear, momentText, ticks, timeTicks } from "./scales.js";

const TALL = { width: 960, height: 150, left: 44, right: 8, top: 8, bottom: 22 };
const SMALL = { width: 300, height: 130, left: 44, right: 4, top: 8, bottom: 22 };

/** Draws calls over time; `chosen(from, to)` is told, in milliseconds, what is dragged over. */
export function timePlot({ title, from, to, buckets, step }, chosen) {
  const frame = fitted(TALL);
  const x = linear(from, to, frame.left, frame.width - frame.right);
  const y = heights(frame, buckets);
  const full = buckets.filter(([, count]) => count);
  const bars = full.map(([start, count]) => bar(x(start), x(start + step), y, count, `${momentText(start)}: ${countText(count)}`));
  const marks = timeTicks(from, to, frame.width < 500 ? 3 : 7).map(([at, text]) => below(frame, x(at), text));
  const most = buckets.reduce((best, one) => (one[1] > best[1] ? one : best), [from, 0]);
  const told = `${title}, ${momentText(from)} to ${momentText(to)}; most, ${countText(most[1])}, from ${momentText(most[0])}`;
  const plot = drawing(frame, told, [...grid(frame, y), ...bars, ...marks]);
  brush(plot, frame, (left, right) => chosen(x.back(left), x.back(right)));
  return figure(title, plot, "wide");
}

/** Draws how many fall into each of some ranges, [text, count, edge]: the edge is where the range begins. */
export function columnPlot({ title, buckets }) {
  const frame = SMALL;
  const y = heights(frame, buckets);
  const wide = (frame.width - frame.left - frame.right) / buckets.length;
  const every = Math.ceil(buckets.length / 6);
  const parts = buckets.flatMap(([text, count, edge], number) => {
    const start = frame.left + number * wide;
    const label = !edge || edge.length > 6 || number % every ? [] : [below(frame, start, edge)];
    return [bar(start, start + wide, y, count, `${text}: ${countText(count)}`), ...label];
  });
  return figure(title, drawing(frame, summary(title, buckets), [...grid(frame, y), ...parts]));
}

/** Draws categories as lines of text with a bar each, the most frequent first. */
export function rankPlot({ title, buckets }) {
  const line = 24;
  const frame = { ...SMALL, height: Math.max(buckets.length, 1) * line, left: 112, right: 58 };
  const x = linear(0, mostOf(buckets), 0, frame.width - frame.left - frame.right);
  const parts = buckets.flatMap(([text, count], number) => {
    const middle = number * line + line / 2;
    return [
      s("text", { x: frame.left - 8, y: middle + 4, "text-anchor": "end" }, shortened(text, 17)),
      s("rect", { class: "bar", x: frame.left, y: middle - 7, width: Math.max(x(count), 1), height: 14, rx: 2 }, titled(`${text}: ${countText(count)}`)),
      s("text", { x: frame.left + x(count) + 6, y: middle + 4 }, countText(count)),
    ];
  });
  return figure(title, drawing(frame, summary(title, buckets), parts));
}

function fitted(frame) {
  const width = Math.min(frame.width, Math.max(300, document.documentElement.clientWidth - 64));
  return { ...frame, width, height: width < 500 ? 130 : frame.height };
}

function figure(title, plot, kind = "") {
  return h("figure", { class: kind }, h("figcaption", {}, title), plot);
}

function drawing(frame, told, parts) {
  return s("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, role: "img", "aria-label": told }, ...parts);
}

function heights(frame, buckets) {
  return linear(0, mostOf(buckets), frame.height - frame.bottom, frame.top);
}

function mostOf(buckets) {
  return Math.max(1, ...buckets.map(([, count]) => count));
}

function bar(start, end, y, count, told) {
  const top = count ? Math.min(y(count), y(0) - 1) : y(0);
  const gap = end - start > 3 ? 1 : 0;
  const size = { x: start, y: top, width: Math.max(end - start - gap, 0.5), height: y(0) - top };
  return s("rect", { class: "bar", ...size }, titled(told));
}

function titled(text) {
  return s("title", {}, text);
}

function grid(frame, y) {
  return ticks(0, y.last, 3).map((count) => [
    s("line", { class: "grid", x1: frame.left, x2: frame.width - frame.right, y1: y(count), y2: y(count) }),
    s("text", { x: frame.left - 6, y: y(count) + 4, "text-anchor": "end" }, countText(count)),
  ]);
}

function below(frame, x, text) {
  return s("text", { x, y: frame.height - 6, "text-anchor": "middle" }, text);
}

function summary(title, buckets) {
  return `${title}: ${buckets.map(([text, count]) => `${text} ${countText(count)}`).join(", ")}`;
}

function shortened(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

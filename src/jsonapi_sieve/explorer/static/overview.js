// The plots of one resource, from the counts that the database gave.

import { byId, h } from "./dom.js";
import { columnPlot, rankPlot, timePlot } from "./plots.js";
import { countText } from "./scales.js";

/** Shows the plots; `chosen(from, to)` is told a range of time, as texts that the filters take. */
export function showPlots(declared, counts, chosen) {
  const plots = [
    ...(counts.time && declared.time ? overTime(declared.time, counts.time, chosen) : []),
    ...declared.numbers.map((plot) => numbers(plot, counts.numbers.find(({ field }) => field === plot.field))),
    ...declared.categories.map((plot) => categories(plot, counts.categories.find(({ field }) => field === plot.field))),
  ];
  byId("plots").replaceChildren(...(counts.total ? plots : [h("p", { class: "empty wide" }, "Nothing matches, so there is nothing to draw.")]));
}

export function refusePlots(text) {
  byId("plots").replaceChildren(h("p", { class: "error wide" }, text));
}

function overTime(declared, { start, seconds, counts }, chosen) {
  const step = seconds * 1000;
  const from = Date.parse(start);
  const to = from + counts.length * step;
  const whole = (left, right) =>
    chosen(written(from + Math.floor((left - from) / step) * step), written(from + Math.ceil((right - from) / step) * step));
  const buckets = counts.map((count, at) => [from + at * step, count]);
  const title = `${capital(declared.label)}, each bar ${spanText(seconds)} (UTC)`;
  return [timePlot({ title, from, to, buckets, step }, whole), inputs(from, to, chosen)];
}

/** Makes the way to choose a range without dragging: two moments and a button. */
function inputs(from, to, chosen) {
  const moment = (value) => h("input", { type: "datetime-local", step: "1", value: written(value).slice(0, 19) });
  const [first, last] = [moment(from), moment(to)];
  const labels = [h("label", {}, "From (UTC)", first), h("label", {}, "Until before (UTC)", last)];
  const button = h("button", { click: () => chosen(`${first.value}Z`, `${last.value}Z`) }, "Show this range");
  return h("div", { class: "range wide" }, labels, button, h("span", { class: "hint" }, "or drag over the plot"));
}

function numbers(plot, { edges, counts, none }) {
  const last = edges.length;
  const text = (at) => (at === 0 ? `below ${edges[0]}` : at === last ? `${edges[last - 1]} and more` : `${edges[at - 1]} to ${edges[at]}`);
  const buckets = counts.map((count, at) => [text(at), count, at ? edges[at - 1] : ""]);
  if (!counts[0]) buckets.shift();
  const unit = plot.unit ? ` (${plot.unit})` : "";
  const rest = none ? `, ${countText(none)} without` : "";
  return columnPlot({ title: `${capital(plot.label)}${unit}${rest}`, buckets });
}

function categories(plot, { values, none }) {
  const buckets = values.map(({ label, value, count }) => [label ?? value, count]);
  return rankPlot({ title: capital(plot.label), buckets: none ? [...buckets, ["none", none]] : buckets });
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function spanText(seconds) {
  const [size, unit] = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]].find(([one]) => seconds % one === 0);
  const count = seconds / size;
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}

function written(milliseconds) {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

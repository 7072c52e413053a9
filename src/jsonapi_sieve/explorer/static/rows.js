// The rows that matched: a table whose headings sort.

import { byId, h } from "./dom.js";

/** Shows a document's rows; `sorted(value)` is told the `sort` that a click on a heading asks for. */
export function showRows({ columns, plots }, { data }, order, sorted) {
  const table = byId("table");
  const units = Object.fromEntries((plots?.numbers ?? []).map(({ field, unit }) => [field, unit]));
  byId("rows-empty").hidden = data.length > 0;
  byId("rows-scroll").hidden = !data.length;
  const focused = table.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  table.tHead.replaceChildren(h("tr", {}, columns.map((column) => heading(column, units, order, sorted))));
  table.tBodies[0].replaceChildren(...data.map((row) => h("tr", {}, columns.map((column) => cell(column, row)))));
  if (focused) table.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
}

function heading(column, units, order, sorted) {
  const unit = units[column.name.replaceAll("-", "_")];
  const text = unit ? `${column.label} (${unit})` : column.label;
  const kind = column.numeric ? "number" : null;
  if (!column.sort) return h("th", { scope: "col", class: kind }, text);
  const [first] = (order ?? "").split(",");
  const now = { [column.sort]: "ascending", [`-${column.sort}`]: "descending" }[first];
  const next = now === "ascending" ? `-${column.sort}` : column.sort;
  const arrow = h("span", { "aria-hidden": "true" }, { ascending: "▲", descending: "▼" }[now]);
  const button = h("button", { "data-name": column.name, click: () => sorted(next) }, text, arrow);
  return h("th", { scope: "col", class: kind, "aria-sort": now }, button);
}

function cell(column, row) {
  const value = column.name === "id" ? row.id : row.attributes?.[column.name];
  const missing = (value ?? null) === null;
  const text = missing ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const long = text.length > 32;
  const kinds = [column.numeric && "number", missing && "muted", long && "long"].filter(Boolean).join(" ");
  return h("td", { class: kinds || null, title: long && text }, text);
}

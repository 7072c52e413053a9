// From page to page by the links of the document, numbered or by cursor.

import { pairsOf, valueOf } from "./address.js";
import { byId, h } from "./dom.js";
import { countText } from "./scales.js";

const NAMES = { first: "First", prev: "Previous", next: "Next", last: "Last" };
const SIZES = [10, 20, 50, 100, 500, 1000];

/** Shows the pages; `go(pairs)` is told the page[...] pairs to ask with, `change(kind)` numbered pages or cursors. */
export function showPages({ resource, kind, document, pairs, go, change }) {
  const nav = byId("pages");
  const focused = nav.contains(window.document.activeElement) && window.document.activeElement.id;
  const links = Object.entries(NAMES).map(([name, text]) => button(text, name, document.links?.[name], go));
  nav.replaceChildren(...links, h("span", { class: "between" }), ...kinds(resource, kind, change), ...size(resource, kind, pairs, go));
  // A button that has come to its end hands the focus to its neighbour.
  if (focused) (nav.querySelector(`#${focused}:enabled`) ?? nav.querySelector(":enabled"))?.focus();
}

function button(text, name, link, go) {
  const follow = () => go(pairsOf(new URL(link, location).search.slice(1)).filter(([key]) => key.startsWith("page[")));
  return h("button", { id: `page-${name}`, disabled: !link, click: follow }, text);
}

function kinds({ pages }, now, change) {
  if (pages.length < 2) return [];
  const texts = pages.map(({ kind }) => [kind, kind === "cursor" ? "by cursor" : "numbered"]);
  return [chooser("page-kind", "Kind of pages", texts, now, change)];
}

function size(resource, kind, pairs, go) {
  const page = resource.pages.find((one) => one.kind === kind);
  if (!page) return [];
  const now = Number(valueOf(pairs, "page[size]") ?? page.default);
  const sizes = [...new Set([...SIZES.filter((one) => one <= page.maximum), now])].sort((one, other) => one - other);
  const texts = sizes.map((one) => [one, `${countText(one)} a page`]);
  return [chooser("page-size", "Rows a page", texts, now, (value) => go([["page[size]", value]]))];
}

function chooser(id, label, texts, now, chosen) {
  const options = texts.map(([value, text]) => h("option", { value, selected: value === now }, text));
  return h("select", { id, "aria-label": label, change: ({ target }) => chosen(target.value) }, options);
}

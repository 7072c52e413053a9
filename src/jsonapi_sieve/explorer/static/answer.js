// The answer to a question: how many rows match, their plots, one page of them, and what the query becomes.

import { isFilter, queryOf, sizeOf, valueOf, without } from "./address.js";
import { Becomes } from "./becomes.js";
import { announce, byId, h } from "./dom.js";
import { Exports } from "./exports.js";
import { refusePlots, showPlots } from "./overview.js";
import { showPages } from "./pages.js";
import { showRows } from "./rows.js";
import { countText } from "./scales.js";
import { shown } from "./server.js";

const SOON = 50; // ms

export class Answer {
  #becomes = new Becomes();
  #exports = new Exports();
  #asking = new AbortController();
  #counted = {};
  #shown = null; // the resource whose answer is on the page

  /** `on` has what is to be done when a part of the answer is used. */
  constructor(on) {
    this.on = on;
    byId("copy").addEventListener("click", () => this.#copy());
  }

  /** Asks a question, and forgets the one before if that is not answered yet. Raises a refusal of the whole session. */
  async ask({ resource, kind, pairs }) {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    byId("answer").ariaBusy = true;
    if (this.#shown !== resource) {
      this.#shown = null;
      byId("answer").classList.add("unanswered");
      byId("matched").textContent = "…";
      byId("asked-by").textContent = "";
    }
    try {
      await this.#fill({ resource, kind, pairs }, signal);
    } catch (refused) {
      if (refused.name === "AbortError") return;
      if (refused.status === 401 || !refused.errors) throw refused;
      this.#tell(refused.errors);
    }
    for (const id of ["answer", "plots-card"]) byId(id).ariaBusy = false;
  }

  async #fill(question, signal) {
    const { resource, kind, pairs } = question;
    const byCursor = kind === "cursor";
    const query = queryOf(pairs);
    const looked = byCursor ? queryOf([...without(pairs, "page"), ...sizeOf(pairs)]) : query; // the API has no cursors
    const told = await shown(resource.name, "look", looked, signal);
    this.#tell(told.errors);
    if (told.errors.length) return;
    const started = performance.now();
    const listing = shown(resource.name, byCursor ? "rows-by-cursor" : "rows", query, signal);
    const counting = this.#count(resource, pairs, signal);
    counting.catch(() => null); // it is met below
    const { document, times } = await listing;
    const total = document.meta?.["total-count"];
    // Rows wait for plots that come soon, for the first, which would move them, and for those that alone count them.
    const soon = new Promise((resolve) => setTimeout(resolve, SOON));
    const first = await (this.#shown && total !== undefined ? Promise.race([counting, soon]) : counting);
    signal.throwIfAborted();
    this.#shown = resource;
    byId("answer").classList.remove("unanswered");
    this.#showQuery(resource, told);
    this.#showRows(question, document, total ?? first?.total);
    const tell = (counted) => {
      byId("asked-by").textContent = `Answered in ${countText(Math.round(performance.now() - started))} ms`;
      this.#becomes.show(told, { ...times, plots: counted?.times.database, ...told.times });
    };
    tell(first);
    byId("answer").ariaBusy = false;
    tell(await counting);
  }

  #showQuery(resource, { url, lines, export: offered }) {
    this.url = url;
    byId("url").textContent = decodeURI(url).replaceAll("%5B", "[").replaceAll("%5D", "]");
    const own = lines.filter((line) => line.endsWith("(by default)"));
    byId("defaults").textContent = `Besides: ${own.join(", ")}`;
    byId("defaults").hidden = !own.length;
    this.#exports.show(resource.exports ? offered : null, lines);
  }

  /** Counts what matched, again only when the filters are others; a refusal takes the place of the plots. */
  async #count(resource, pairs, signal) {
    byId("plots-card").hidden = !resource.plots;
    if (!resource.plots) return null;
    const filters = queryOf(pairs.filter(isFilter));
    if (this.#shown === resource && this.#counted.filters === filters) return this.#counted.told;
    byId("plots-card").ariaBusy = true;
    try {
      const told = await shown(resource.name, "counts", filters, signal);
      this.#counted = { filters, told };
      showPlots(resource.plots, told, this.on.chooseRange);
      return told;
    } catch (refused) {
      if (!refused.errors) throw refused;
      this.#counted = {};
      refusePlots(refused.message);
      return null;
    }
  }

  #showRows(question, document, total) {
    const { resource, pairs } = question;
    const matched = total === undefined ? "Uncounted rows" : total === 1 ? "1 row matches" : `${countText(total)} rows match`;
    byId("matched").textContent = matched;
    byId("rows-note").textContent = place(question, document.data.length, total);
    announce(`${matched}.`);
    showRows(resource, document, valueOf(pairs, "sort") ?? resource.sort?.default, this.on.sort);
    showPages({ ...question, document, go: this.on.go, change: this.on.choosePages });
  }

  /** Puts faults beside their filters, and those without a filter above the rows. */
  #tell(errors) {
    const left = this.on.faults(errors);
    const texts = left.map(({ source, detail }) => (source?.parameter ? `${source.parameter}: ${detail}` : detail));
    if (left.length < errors.length) texts.push("A filter has a fault, told beside it.");
    if (this.#shown) texts.push("Shown below is the last answer.");
    else if (errors.length) byId("matched").textContent = "No answer";
    byId("faults").replaceChildren(...texts.map((text) => h("span", {}, text)));
    byId("faults").hidden = !errors.length;
    if (errors.length) announce(errors.map((error) => error.detail).join(" "));
  }

  async #copy() {
    // Browsers have no clipboard for pages of other hosts without TLS.
    const done = await navigator.clipboard?.writeText(this.url).then(() => "Copied", () => null);
    byId("copy").textContent = done ?? "Copy by hand";
    announce(byId("copy").textContent);
    setTimeout(() => (byId("copy").textContent = "Copy URL"), 1500);
  }
}

/** Says which of the rows are shown. */
function place({ resource, kind, pairs }, shown, total) {
  if (!shown) return "";
  if (kind !== "number" || total === undefined) return `${countText(shown)} shown`;
  const size = Number(valueOf(pairs, "page[size]") ?? resource.pages[0].default);
  const before = (Number(valueOf(pairs, "page[number]") ?? 1) - 1) * size;
  return `${countText(before + 1)} to ${countText(before + shown)} of ${countText(total)}`;
}

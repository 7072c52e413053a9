// Exports of what is filtered: create one, watch it, download its file.

import { announce, byId, h, newId } from "./dom.js";
import { countText } from "./scales.js";
import { createExport, exportOf, shown } from "./server.js";

const ENDS = new Set(["completed", "failed", "deleted"]);
const PAUSE = 1000;
const TRIES = 5; // which take a minute

export class Exports {
  #button = byId("create-export");
  #order;
  #lines;
  #selects = new Map();

  constructor() {
    this.#button.addEventListener("click", () => this.#create());
  }

  /** Offers an export of the query that `look` told of in `lines`; null where nothing can be exported. */
  async show(offered, lines) {
    this.#order = offered?.document;
    this.#lines = lines;
    byId("exporting").hidden = !offered;
    this.#button.disabled = !this.#order;
    tell(offered?.errors.map((error) => error.detail).join(" "));
    await this.#relate(offered?.relationships ?? {}).catch((refused) => tell(refused.message));
  }

  /** Asks for what an export has to belong to. */
  async #relate(relationships) {
    for (const [name, resource] of Object.entries(relationships)) {
      if (this.#selects.has(name)) continue;
      const select = h("select", { id: newId("relationship") });
      this.#selects.set(name, { select, resource });
      try {
        for (let query = "?page[size]=1000"; query; ) {
          const { data, links } = (await shown(resource, "rows", query.slice(1))).document;
          select.append(...data.map((row) => h("option", { value: row.id }, row.attributes?.name ?? row.id)));
          query = links?.next && new URL(links.next, location).search;
        }
      } catch (refused) {
        this.#selects.delete(name);
        throw refused;
      }
      byId("export-relationships").append(h("label", { for: select.id }, `Only rows of this ${name}`), select);
    }
  }

  async #create() {
    const document = structuredClone(this.#order);
    const related = [...this.#selects];
    const of = [...related.map(([, { select }]) => select.selectedOptions[0]?.text), ...this.#lines].join("\n");
    document.data.relationships = Object.fromEntries(
      related.map(([name, { select, resource }]) => [name, { data: { type: resource, id: select.value } }]),
    );
    tell("");
    this.#button.disabled = true;
    try {
      watch((await createExport(document)).data, of);
      announce("The export is created.");
    } catch (refused) {
      tell(refused.message);
      announce(refused.message);
    }
    this.#button.disabled = !this.#order;
  }
}

function tell(text) {
  byId("export-fault").textContent = text;
  byId("export-fault").hidden = !text;
}

async function watch(order, of) {
  const item = h("li");
  byId("exports").prepend(item);
  for (let now = order, failed = 0; ; ) {
    const status = now.attributes.status.toLowerCase();
    draw(item, now, status, of);
    if (ENDS.has(status)) return announce(`Export ${status}.`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** failed));
    try {
      now = (await exportOf(order.id)).data;
      failed = 0;
    } catch (refused) {
      failed += 1;
      if (failed > TRIES) return item.append(h("p", { class: "error" }, refused.message));
    }
  }
}

function draw(item, { id, attributes }, status, of) {
  const done = status === "completed";
  const count = attributes["rows-count"];
  const told = h("span", { class: done ? "good" : null }, attributes.status);
  const counted = h("span", { class: "muted" }, Number.isInteger(count) ? `${countText(count)} rows` : "");
  const parts = [h("p", { class: "status" }, told, counted), h("p", { class: "wrapped" }, of), h("p", { class: "mono muted" }, id)];
  if (!ENDS.has(status)) parts.push(h("progress", { "aria-label": `Export ${status}` }));
  if (done) parts.push(h("p", {}, h("a", { class: "button", href: `explorer/exports/${encodeURIComponent(id)}/download`, download: true }, "Download")));
  item.replaceChildren(...parts);
}

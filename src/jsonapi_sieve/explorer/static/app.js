// The page: it keeps the question in its address, and asks again when its user changes a part of it.

import { Answer } from "./answer.js";
import { isFilter, readAddress, sizeOf, without, writeAddress } from "./address.js";
import { byId, h } from "./dom.js";
import { Filters } from "./filters.js";
import { declaration } from "./server.js";

const TYPING = 150;

class Explorer {
  #filters = new Filters((how) => this.#edited(how));
  #answer = new Answer({
    faults: (errors) => this.#filters.tell(errors),
    go: (page) => this.#turn([...without(this.pairs, "page"), ...page]),
    sort: (order) => this.#turn([...without(this.pairs, "sort", "page"), ["sort", order], ...sizeOf(this.pairs)]),
    choosePages: (kind) => this.#choosePages(kind),
    chooseRange: (from, to) => this.#chooseRange(from, to),
  });
  #timer = 0;

  async start() {
    this.resources = (await declaration()).resources;
    const links = this.resources.map(({ name }) => h("a", { href: `#${encodeURIComponent(name)}` }, name));
    byId("resources").replaceChildren(...links);
    byId("skip").addEventListener("click", (event) => (event.preventDefault(), byId("answer").focus()));
    addEventListener("popstate", () => this.#open());
    for (const id of ["question", "answer"]) byId(id).hidden = false;
    this.#open();
  }

  /** Takes the question from the address. */
  #open() {
    const { resource, kind, pairs } = readAddress();
    this.resource = resource ? this.resources.find((one) => one.name === resource) : this.resources[0];
    clearTimeout(this.#timer);
    byId("refusal").hidden = true;
    if (!this.resource) return refuse({ message: `There is no resource ${resource}. Choose one above.` });
    this.kind = (this.resource.pages.find((one) => one.kind === kind) ?? this.resource.pages[0])?.kind;
    this.pairs = pairs;
    for (const link of byId("resources").children) link.ariaCurrent = link.textContent === this.resource.name ? "page" : null;
    document.title = `Explorer: ${this.resource.name}`;
    this.#filters.show(this.resource, pairs.filter(isFilter));
    this.#ask();
  }

  #ask() {
    this.#answer.ask(this).catch(refuse);
  }

  /** Asks another question: as a step that the browser's back button undoes, or, while typing, in place of the last. */
  #turn(pairs, typing = false) {
    this.pairs = pairs;
    writeAddress(this, typing);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), typing ? TYPING : 0);
  }

  /** Filters have changed: the order stays, the page is the first again. */
  #edited({ typing }) {
    this.#turn([...this.#filters.pairs(), ...without(this.pairs, "filter", "page"), ...sizeOf(this.pairs)], typing);
  }

  #choosePages(kind) {
    this.kind = kind;
    this.#turn([...without(this.pairs, "page"), ...sizeOf(this.pairs)]);
  }

  #chooseRange(from, to) {
    const { from: first, to: last } = this.resource.plots.time;
    const others = this.pairs.filter((pair) => isFilter(pair) && pair[0] !== first && pair[0] !== last);
    this.#filters.show(this.resource, [[first, from], [last, to], ...others]);
    this.#edited({ typing: false });
  }
}

/** Shows, in place of everything, why nothing can be shown. */
function refuse({ message }) {
  byId("refusal").hidden = false;
  byId("refusal-text").textContent = message;
}

new Explorer().start().catch(refuse);

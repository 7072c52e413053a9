// Tabs by the pattern of WAI-ARIA: arrow keys move between them, and only the chosen one is a stop of the Tab key.

import { byId, h } from "./dom.js";

/** Fills a list of tabs and its panel; each tab is {name, content()}. The chosen one stays chosen when filled again. */
export class Tabs {
  #chosen = null;
  #tabs = [];
  #names;

  constructor(listId, panelId) {
    this.list = byId(listId);
    this.panel = byId(panelId);
    this.list.addEventListener("keydown", (event) => this.#move(event));
  }

  show(tabs) {
    this.#tabs = tabs;
    if (!tabs.some((tab) => tab.name === this.#chosen)) this.#chosen = tabs[0].name;
    const names = tabs.map((tab) => tab.name).join();
    if (this.#names !== names) this.list.replaceChildren(...tabs.map((tab) => this.#button(tab)));
    this.#names = names;
    this.#draw();
  }

  #button({ name }) {
    const id = `tab-${name.replace(/\W+/g, "-")}`;
    return h("button", { role: "tab", id, "aria-controls": this.panel.id, click: () => this.#choose(name) }, name);
  }

  #choose(name) {
    this.#chosen = name;
    this.#draw();
  }

  #draw() {
    for (const button of this.list.children) {
      const chosen = button.textContent === this.#chosen;
      button.ariaSelected = chosen;
      button.tabIndex = chosen ? 0 : -1;
      if (chosen) this.panel.setAttribute("aria-labelledby", button.id);
    }
    this.panel.replaceChildren(...this.#tabs.find((tab) => tab.name === this.#chosen).content());
  }

  #move(event) {
    const at = this.#tabs.findIndex((tab) => tab.name === this.#chosen);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(this.#tabs.at(next % this.#tabs.length).name);
    this.list.querySelector("[aria-selected=true]").focus();
  }
}

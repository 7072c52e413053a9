// The filters as lines of three controls: which field, which operator, which value.

import { controlFor } from "./controls.js";
import { announce, byId, h, newId } from "./dom.js";

/** The lines of one resource; `changed({typing})` is told of every edit. */
export class Filters {
  #list = byId("filters");
  #lines = [];

  constructor(changed) {
    this.changed = changed;
    byId("add-filter").addEventListener("click", () => this.#add());
    byId("clear-filters").addEventListener("click", () => this.#clear());
  }

  /** Shows these pairs, which may hold filters that the declaration does not know: the parser will say so. */
  show(resource, pairs) {
    this.resource = resource;
    this.#lines = pairs.map(([parameter, value]) => new Line(this, parameter, value));
    this.#list.replaceChildren(...this.#lines.map((line) => line.element));
    this.#arrange();
  }

  /** Gives what is to be asked; a new line counts from its first value on. */
  pairs() {
    return this.#lines.map((line) => line.pair()).filter(Boolean);
  }

  /** Puts each fault beside the line that it is about; gives those that are about no line. */
  tell(errors) {
    const left = [...errors];
    for (const line of this.#lines) {
      const own = left.findIndex((error) => same(error.source?.parameter, line.parameter));
      line.tell(own < 0 ? null : left.splice(own, 1)[0].detail);
    }
    return left;
  }

  remove(line) {
    const at = this.#lines.indexOf(line);
    this.#lines.splice(at, 1);
    line.element.remove();
    this.#arrange();
    const next = this.#lines[at] ?? this.#lines.at(-1);
    (next?.first ?? byId("add-filter")).focus();
    announce("Filter removed.");
    this.changed({ typing: false });
  }

  #add() {
    const used = new Set(this.#lines.map((line) => line.parameter));
    const free = this.resource.fields.flatMap((field) => field.operators).find((one) => !used.has(one.parameter));
    if (!free) return;
    const line = new Line(this, free.parameter, null);
    this.#lines.push(line);
    this.#list.append(line.element);
    this.#arrange();
    line.first.focus();
    this.changed({ typing: false });
  }

  #clear() {
    this.show(this.resource, []);
    byId("add-filter").focus();
    announce("All filters removed.");
    this.changed({ typing: false });
  }

  #arrange() {
    byId("no-filters").hidden = this.#lines.length > 0;
    byId("clear-filters").hidden = !this.#lines.length;
    byId("add-filter").hidden = !this.resource.fields.length;
  }
}

class Line {
  #filters;
  #names = h("div", { class: "names" });
  #error = h("p", { class: "error", id: newId("error"), hidden: true });
  #hint = h("p", { class: "hint", id: newId("hint") });

  constructor(filters, parameter, value) {
    this.#filters = filters;
    this.parameter = parameter;
    this.fresh = value === null;
    this.remove = h("button", { class: "plain", title: "Remove", click: () => filters.remove(this) }, "✕");
    this.element = h("li", { class: "filter" }, this.#names, this.remove, this.#hint, this.#error);
    this.#build(value ?? "");
  }

  get first() {
    return this.#names.firstElementChild;
  }

  pair() {
    const value = this.control.value();
    this.fresh = this.fresh && value === "";
    return this.fresh ? null : [this.parameter, value];
  }

  tell(detail) {
    this.#error.textContent = detail ?? "";
    this.#error.hidden = detail === null;
    this.control.input.ariaInvalid = detail !== null;
  }

  #build(value) {
    const fields = this.#filters.resource.fields;
    const field = fields.find((one) => one.operators.some((operator) => same(operator.parameter, this.parameter)));
    const operator = field?.operators.find((one) => same(one.parameter, this.parameter));
    const name = field ? `${named(field)} ${operator.name.replaceAll("_", " ")}` : this.parameter;
    this.operator = operator?.name;
    this.#names.replaceChildren(...(field ? this.#selects(fields, field, operator) : [this.#unknown()]));
    this.remove.ariaLabel = `Remove filter ${name}`;
    const labels = { "aria-label": `Value of ${name}`, "aria-describedby": `${this.#hint.id} ${this.#error.id}` };
    this.control?.element.remove();
    this.control = controlFor(field, operator, value, { class: "value", ...labels }, (how) => this.#filters.changed(how));
    this.remove.after(this.control.element);
    this.#hint.textContent = this.control.hint;
    this.#hint.hidden = !this.control.hint;
  }

  #selects(fields, field, operator) {
    const names = fields.map((one) => h("option", { value: one.name, selected: one === field }, named(one)));
    const fieldSelect = h("select", { "aria-label": "Field", change: () => this.#choose(fields[fieldSelect.selectedIndex]) }, names);
    const operators = field.operators.map((one) => h("option", { value: one.name, selected: one === operator }, explained(one)));
    const choose = () => this.#choose(field, field.operators[operatorSelect.selectedIndex]);
    const operatorSelect = h("select", { "aria-label": "Operator", change: choose }, operators);
    return [fieldSelect, operatorSelect];
  }

  #unknown() {
    const retype = ({ target }) => {
      this.parameter = target.value;
      this.#filters.changed({ typing: true });
    };
    return h("input", { class: "mono", "aria-label": "Parameter", value: this.parameter, input: retype });
  }

  /** Takes another operator, which keeps the value, or another field. */
  #choose(field, operator) {
    const kept = operator ?? field.operators.find((one) => one.name === this.operator) ?? field.operators[0];
    const value = operator ? this.control.value() : "";
    this.parameter = kept.parameter;
    this.fresh = value === "";
    this.#build(value);
    this.#names.children[operator ? 1 : 0].focus();
    this.#filters.changed({ typing: false });
  }
}

function named({ label, through }) {
  return through ? `${through}: ${label}` : label;
}

/** Writes an operator as the API does, and as everybody does where there is a sign: gteq (>=). */
function explained({ name, symbol }) {
  return /[a-z]/.test(symbol) ? name.replaceAll("_", " ") : `${name.replaceAll("_", " ")} (${symbol})`;
}

/** Dashes and underscores are equal in the names of parameters. */
function same(one, other) {
  return one?.replaceAll("_", "-") === other.replaceAll("_", "-");
}

// The control that fits a value: a list of choices, a moment, or a line of text that the parser judges.

import { h } from "./dom.js";

const MOMENT = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?)?$/;
const DATE = /^(\d{4}-\d\d-\d\d)?$/;
const NUMBERS = ["integer", "decimal", "float"];

/** Makes the control for a field and an operator: {element, input, value(), hint}. `changed` is told of every edit. */
export function controlFor(field, operator, value, names, changed) {
  const takes = operator?.takes;
  if (takes === "flag") return choice(["true", "false"], value, names, changed);
  if (field?.choices) return (takes === "list" ? several : choice)(field.choices, value, names, changed);
  if (takes === "list") return line(value, names, changed, 'Commas separate; "quotes" keep a comma.');
  if (field?.type === "timestamp" && MOMENT.test(value)) {
    const local = value.replace(" ", "T").replace("Z", "");
    return line(local, { type: "datetime-local", step: "0.001", ...names }, changed, "in UTC", value);
  }
  if (field?.type === "date" && DATE.test(value)) return line(value, { type: "date", ...names }, changed);
  const inputmode = NUMBERS.includes(field?.type) ? "decimal" : "text";
  return line(value, { placeholder: operator?.expected, inputmode, ...names }, changed);
}

function line(value, attributes, changed, hint, sent = value) {
  const spelling = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
  const input = h("input", { ...spelling, ...attributes, value, input: () => changed({ typing: true }) });
  const shown = input.value; // a moment may be spelled otherwise: what nobody edits stays as it was sent
  return { element: input, input, value: () => (input.value === shown ? sent : input.value), hint };
}

function choice(choices, value, names, changed) {
  const known = choices.includes(value) ? choices : [value, ...choices];
  const options = known.map((one) => h("option", { value: one, selected: one === value }, one || "choose…"));
  const input = h("select", { ...names, change: () => changed({ typing: false }) }, options);
  return { element: input, input, value: () => input.value };
}

function several(choices, value, names, changed) {
  const given = value.split(",").filter(Boolean);
  const known = [...choices, ...given.filter((one) => !choices.includes(one))];
  const boxes = known.map((one) =>
    h("input", { type: "checkbox", value: one, checked: given.includes(one), change: () => changed({ typing: false }) }),
  );
  const labels = boxes.map((box, number) => h("label", {}, box, known[number]));
  const element = h("div", { role: "group", ...names, class: "choices" }, labels);
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return { element, input: element, value: () => chosen().join(",") };
}

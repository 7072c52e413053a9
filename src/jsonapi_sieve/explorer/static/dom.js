// Elements are made here and nowhere else: what they say is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an HTML element. An attribute that is a function listens, false and null leave it out, true sets it empty. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Tells what has changed to those who cannot see it. */
export function announce(text) {
  byId("announcements").textContent = text;
}

let last = 0;

/** Gives an id that no other element has. */
export function newId(prefix) {
  return `${prefix}-${++last}`;
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if ((value ?? false) !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}

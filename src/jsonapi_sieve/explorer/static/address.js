// What is looked at stands behind the # of the page's address, so that a link leads back to it: #cdrs?filter[...]=...,
// or #cdrs/cursor?... where its pages are by cursor.

/** Splits a query string into decoded pairs, as the parser does: + is a blank. */
export function pairsOf(text) {
  const parts = text.split("&").filter(Boolean);
  return parts.map((part) => {
    const [key, ...value] = part.split("=");
    return [decoded(key), decoded(value.join("="))];
  });
}

/** Writes a query string that stays legible: brackets, commas and colons need no escape. */
export function queryOf(pairs) {
  return pairs.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join("&");
}

export function readAddress() {
  const [path, ...rest] = location.hash.slice(1).split("?");
  const [resource, kind] = path.split("/");
  return { resource: decoded(resource), kind, pairs: pairsOf(rest.join("?")) };
}

/** Writes the address: as a new entry of the history, or in place of the last. */
export function writeAddress({ resource, kind, pairs }, replace) {
  const query = queryOf(pairs);
  const path = encodeURIComponent(resource.name) + (kind === "cursor" ? "/cursor" : "");
  const hash = `#${path}${query && "?"}${query}`;
  if (hash !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", hash);
}

export function isFilter([key]) {
  return key.startsWith("filter[");
}

/** Gives the pairs without those of some families: "sort" is one parameter, "page" all of page[...]. */
export function without(pairs, ...families) {
  return pairs.filter(([key]) => !families.includes(key.split("[")[0]));
}

export function sizeOf(pairs) {
  return pairs.filter(([key]) => key === "page[size]");
}

export function valueOf(pairs, key) {
  return pairs.find(([name]) => name === key)?.[1];
}

function encoded(text) {
  return encodeURIComponent(text).replace(/%(5B|5D|2C|3A|2F)/g, decodeURIComponent);
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

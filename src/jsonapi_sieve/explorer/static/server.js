// What the page asks the server; every refusal is told in the server's own words.

/** A refusal: `errors` are the error objects of its document. */
export class Refused extends Error {
  constructor(status, errors) {
    super(errors.map((error) => error.detail ?? error.title).join(" "));
    this.status = status;
    this.errors = errors;
  }
}

export function declaration() {
  return asked("declaration");
}

/** Asks for a part of what there is of a resource: "look", "rows", "rows-by-cursor" or "counts". */
export function shown(resource, part, query, signal) {
  return asked(`resources/${encodeURIComponent(resource)}/${part}?${query}`, { signal });
}

export function createExport(document) {
  const headers = { "Content-Type": "application/vnd.api+json", "X-Explorer": "1" };
  return asked("exports", { method: "POST", headers, body: JSON.stringify(document) });
}

export function exportOf(id) {
  return asked(`exports/${encodeURIComponent(id)}`);
}

async function asked(address, options = {}) {
  const response = await fetch(`explorer/${address}`, options).catch((fault) => {
    if (fault.name === "AbortError") throw fault;
    throw new Refused(0, [{ detail: "The service cannot be reached. Is it running?" }]);
  });
  if (response.ok) return response.json();
  const document = await response.json().catch(() => ({}));
  throw new Refused(response.status, document.errors ?? [{ detail: `The service answered with status ${response.status}.` }]);
}

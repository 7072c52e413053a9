// What a query becomes: its predicate, SQL for each engine, Python, and the time that each part took.

import { h } from "./dom.js";
import { Tabs } from "./tabs.js";

const ENGINES = { sqlite: "SQLite", postgresql: "PostgreSQL", mariadb: "MariaDB", duckdb: "DuckDB", clickhouse: "ClickHouse" };

export class Becomes {
  #tabs = new Tabs("tabs", "panel");

  /** Shows what `look` told; `times` has further parts, in milliseconds. */
  show(told, times) {
    this.#tabs.show([
      { name: "Predicate", content: () => predicate(told) },
      ...(told.sql ?? []).map((sql) => ({ name: ENGINES[sql.engine] ?? sql.engine, content: () => statement(sql) })),
      ...(told.python ? [{ name: "Python", content: () => [code(told.python.source), ...values(told.python.parameters)] }] : []),
      { name: "Times", content: () => [measured({ ...told.times, ...times })] },
    ]);
  }
}

function predicate(told) {
  const order = told.order?.length ? ["", `order by ${told.order.join(", ")}`] : [];
  const lines = told.lines?.length ? told.lines : ["every row"];
  return [code([...lines, ...order].join("\n")), h("h3", {}, "As Python shows it"), code(told.predicate)];
}

function statement(sql) {
  if (sql.error) return [h("p", { class: "error" }, sql.error)];
  return [code(sql.statement), ...values(sql.parameters)];
}

function code(text) {
  return h("pre", { class: "wrapped" }, h("code", {}, text));
}

function values(parameters) {
  return parameters.length ? [table(["parameter", "value"], parameters, ["mono", "mono"])] : [];
}

function measured(times) {
  const known = Object.entries(times).filter(([, time]) => time !== undefined);
  return table(["part", "time (ms)"], known.map(([part, time]) => [part, time.toFixed(2)]), ["", "number"]);
}

function table(names, rows, kinds) {
  const line = (tag, texts) => h("tr", {}, texts.map((text, at) => h(tag, { class: kinds[at] }, text)));
  return h("table", {}, h("thead", {}, line("th", names)), h("tbody", {}, rows.map((texts) => line("td", texts))));
}

// What names the servers of pools: how many it named, how old its answer is, and what keeps it from being followed.

import { askJson, h, setText } from "./dom.js";
import { age, whole } from "./format.js";
import { Table } from "./table.js";

/** Milliseconds between two questions while the view is shown: sources change by seconds, not by numbers. */
const PAUSE = 5_000;

/** A section that is there if the configuration has sources; update() is to be called while it is shown. */
export function make() {
  const table = new Table({
    caption: "Sources",
    columns: [
      { title: "Source", value: (row) => row.source },
      {
        title: "Servers",
        number: true,
        value: (row) => row.servers.length,
        text: (row) => whole(row.servers.length),
        hint: "in force",
      },
      {
        title: "Kept",
        number: true,
        value: (row) => row.kept.length,
        show: (cell, row) => {
          setText(cell, whole(row.kept.length));
          cell.title = row.kept.join(", ");
        },
        hint: "of them those that it names no more, which keep their slots for a while",
      },
      { title: "Answered", number: true, value: (row) => row.age, text: answered, hint: "its last good answer" },
      { title: "Failures", number: true, value: (row) => row.failures, text: (row) => whole(row.failures) },
      { title: "State", value: state, show: showState },
    ],
    key: (row) => row.source,
    searched: (row) => `${row.source} ${row.servers.join(" ")} ${state(row)}`,
    none: "The configuration has no sources.",
  });
  const element = h("section", { hidden: true }, h("h2", {}, "Sources"), table.element);
  let asked = -PAUSE;

  async function ask() {
    try {
      const { sources } = await askJson("/api/sources");
      element.hidden = sources.length === 0;
      table.update(sources);
    } catch {
      // The link shows it.
    }
  }

  return {
    element,
    table,
    update() {
      if (performance.now() - asked < PAUSE) return;
      asked = performance.now();
      ask();
    },
  };
}

function answered(row) {
  return row.age === undefined ? "not yet" : `${age(row.age)} ago`;
}

function state(row) {
  if (row.held_back !== undefined) return `waits for confirmation: ${row.held_back}`;
  return row.error === undefined ? "followed" : `fails: ${row.error}`;
}

function showState(cell, row) {
  setText(cell, state(row));
  cell.title = state(row);
  cell.classList.toggle("bad", row.error !== undefined || row.held_back !== undefined);
}

// Keys on their way from one pool to another: what route_reshard has found on the old side, and when it last did.

import { askJson, h, setText } from "./dom.js";
import { age, rate, whole } from "./format.js";
import { Table } from "./table.js";

/** Milliseconds between two questions while the view is shown. */
const PAUSE = 2_000;

const MOVED = "_moved";
const MISSES = "_old_misses";
const FAILED = "_old_failed";
const DELETED = "_old_deleted";
const LOST = "_old_lost";

/** A section that is there if the configuration has routes that move keys and count; update() while it is shown. */
export function make() {
  const table = new Table({
    caption: "Moves",
    columns: [
      { title: "Route", value: (row) => row.name },
      {
        title: "Moved",
        number: true,
        value: (row) => row.moved,
        text: (row) => whole(row.moved),
        hint: "items found on the old side, and written to the new one",
      },
      { title: "Rate", number: true, value: (row) => row.rate, text: (row) => rate(row.rate) },
      {
        title: "On neither side",
        number: true,
        value: (row) => row.misses,
        text: (row) => whole(row.misses),
        hint: "gets that the old side did not have either",
      },
      {
        title: "Owed",
        number: true,
        value: (row) => row.owed,
        text: (row) => whole(row.owed),
        hint: "keys of which the old side failed to take a change: deleted there when it answers again",
      },
      {
        title: "Lost",
        number: true,
        value: (row) => row.lost,
        text: (row) => whole(row.lost),
        hint: "keys of which the old side may still have what is out of date",
      },
      { title: "State", value: state, show: (cell, row) => setText(cell, state(row)) },
    ],
    key: (row) => row.name,
    none: "No keys are moved.",
  });
  const element = h("section", { hidden: true }, h("h2", {}, "Moves"), table.element);
  const seen = new Map();
  let asked = -PAUSE;

  async function ask() {
    try {
      const { counters } = await askJson("/api/counters");
      const rows = Object.keys(counters)
        .filter((name) => name.endsWith(MOVED))
        .map((name) => name.slice(0, -MOVED.length))
        .filter((name) => `${name}${MISSES}` in counters)
        .map((name) => row(name, (ending) => counters[`${name}${ending}`] ?? 0));
      element.hidden = rows.length === 0;
      table.update(rows);
    } catch {
      // The link shows it.
    }
  }

  function row(name, counter) {
    const moved = counter(MOVED);
    const now = performance.now() / 1000;
    const before = seen.get(name) ?? { moved, at: now, grew: now };
    const grew = moved === before.moved ? before.grew : now;
    seen.set(name, { moved, at: now, grew });
    return {
      name,
      moved,
      misses: counter(MISSES),
      owed: counter(FAILED) - counter(DELETED) - counter(LOST),
      lost: counter(LOST),
      rate: now > before.at ? Math.max(0, moved - before.moved) / (now - before.at) : null,
      quiet: now - grew,
    };
  }

  return {
    element,
    update() {
      if (performance.now() - asked < PAUSE) return;
      asked = performance.now();
      ask();
    },
  };
}

function state(row) {
  return row.rate > 0 ? "items move" : `nothing found for ${age(row.quiet)} or longer`;
}

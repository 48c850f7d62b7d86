// The requests that clients have waited for longest.

import { h, setText } from "./dom.js";
import { clock, time } from "./format.js";
import { bar, Table } from "./table.js";

export function make() {
  let slowest = 0;
  const table = new Table({
    caption: "Slow requests",
    columns: [
      { title: "Ended", value: (row) => row.time, text: (row) => clock(row.time) },
      {
        title: "Took",
        number: true,
        value: (row) => row.seconds,
        show: (cell, row) => bar(cell, time(row.seconds), slowest ? row.seconds / slowest : 0),
        hint: "from its last byte read until its reply was there",
      },
      { title: "Command", value: (row) => row.command },
      { title: "Key", value: (row) => row.key, show: showKey },
      { title: "Result", value: (row) => row.result.replaceAll("_", " ") },
    ],
    key: (row) => `${row.time} ${row.command} ${row.key} ${row.seconds}`,
    sort: 1,
    descending: true,
    searched: (row) => `${row.command} ${row.key} ${row.result}`,
    none: "No request has taken a millisecond or more in the last minute.",
  });
  return {
    element: h(
      "div",
      {},
      h(
        "p",
        { class: "lead" },
        "The slowest requests of the last one to two minutes, of those that took a millisecond or more. If they " +
          "go to one server, look at that server; if to all, at the network and at the proxy's own load.",
      ),
      h("div", { class: "tools" }, Table.filterField("Filter by command, key or result", table)),
      table.element,
    ),
    update(live) {
      slowest = Math.max(0, ...live.slow_requests.map((each) => each.seconds));
      table.update(live.slow_requests);
    },
  };
}

function showKey(cell, row) {
  if (!cell.firstChild) cell.append(h("a", { class: "code" }));
  setText(cell.firstChild, row.key);
  cell.firstChild.href = `#/where?${encodeURIComponent(`get ${row.key}`)}`;
  cell.firstChild.title = "Where does it go?";
}

// The keys that servers are asked for most.

import { h, setText } from "./dom.js";
import { bytes, percent } from "./format.js";
import { bar, Table } from "./table.js";

export function make() {
  let most = 0;
  const table = new Table({
    caption: "Hot keys",
    columns: [
      { title: "Key", value: (row) => row.key, show: showKey },
      {
        title: "Share",
        number: true,
        value: (row) => row.share,
        show: (cell, row) => bar(cell, percent(row.share), most ? row.share / most : 0),
        hint: "of all requests to servers, estimated from samples",
      },
      { title: "Pool", value: (row) => row.pool },
      { title: "Server", value: (row) => row.backend },
      {
        title: "Size",
        number: true,
        value: (row) => row.size,
        text: (row) => bytes(row.size),
        hint: "of its value as last seen",
      },
    ],
    key: (row) => row.key,
    sort: 1,
    descending: true,
    searched: (row) => `${row.key} ${row.pool} ${row.backend}`,
    none: "No key stands out lately.",
  });
  return {
    element: h(
      "div",
      {},
      h(
        "p",
        { class: "lead" },
        "The keys that most requests to servers have been about in the last minute or so. A key with a large " +
          "share makes one server of its pool busier than the others, whatever the hash.",
      ),
      h("div", { class: "tools" }, Table.filterField("Filter by key, pool or server", table)),
      table.element,
    ),
    update(live) {
      most = Math.max(0, ...live.hot_keys.map((each) => each.share));
      table.update(live.hot_keys);
    },
  };
}

function showKey(cell, row) {
  if (!cell.firstChild) cell.append(h("a", { class: "code" }));
  setText(cell.firstChild, row.key);
  cell.firstChild.href = `#/where?${encodeURIComponent(`get ${row.key}`)}`;
  cell.firstChild.title = "Where does it go?";
}

// Pools and servers: health, traffic, latency. The slow one is found by its bar.

import { h, setState, setText } from "./dom.js";
import { bytes, count, moment, percent, rate, time, whole } from "./format.js";
import * as moves from "./moves.js";
import * as sources from "./sources.js";
import { bar, Table } from "./table.js";

const latency = (name, field = "latency") => ({
  value: (row) => row[field]?.[name],
  text: (row) => time(row[field]?.[name]),
  number: true,
});

const hits = {
  title: "Hits",
  number: true,
  value: (row) => row.hit_ratio,
  text: (row) => percent(row.hit_ratio),
  hint: "of gets",
};

export function make() {
  let slowest = 0;
  const pools = new Table({
    caption: "Pools",
    columns: [
      { title: "Pool", value: (row) => row.name },
      { title: "Up", number: true, value: (row) => row.up / row.backends, show: showUp },
      {
        title: "Rate",
        number: true,
        value: (row) => row.rate,
        text: (row) => rate(row.rate),
        hint: "requests to its servers",
      },
      hits,
      { title: "Errors", number: true, value: (row) => row.error_rate, show: showErrors },
      { title: "p50", ...latency("p50") },
      { title: "p99", ...latency("p99") },
      {
        title: "Imbalance",
        number: true,
        value: (row) => row.imbalance,
        text: (row) => (row.imbalance === null ? "–" : row.imbalance.toFixed(2)),
        hint: "what the busiest server has to do, in comparison with the mean; 1 is even",
      },
    ],
    key: (row) => row.name,
    none: "The configuration has no pools that are used.",
  });
  const servers = new Table({
    caption: "Servers",
    columns: [
      { title: "Server", value: (row) => row.label, show: showLabel },
      { title: "State", value: (row) => row.state, show: (cell, row) => showState(cell, row) },
      { title: "Pools", value: (row) => row.pools.join(", ") },
      { title: "Rate", number: true, value: (row) => row.rate, text: (row) => rate(row.rate) },
      {
        title: "Share",
        number: true,
        value: (row) => row.share,
        show: (cell, row) => bar(cell, percent(row.share), row.share ?? 0),
        hint: "of the requests of its first pool",
      },
      hits,
      { title: "Errors", number: true, value: (row) => row.error_rate, show: showErrors },
      { title: "p50", ...latency("p50"), hint: "from when a request was written until its reply was read" },
      {
        title: "p99",
        number: true,
        value: (row) => row.latency?.p99,
        show: (cell, row) => bar(cell, time(row.latency?.p99), slowest ? (row.latency?.p99 ?? 0) / slowest : 0),
      },
      {
        title: "Queue p99",
        ...latency("p99", "queue_latency"),
        hint: "from when a connection got a request until it was written",
      },
      {
        title: "Queued",
        number: true,
        value: (row) => row.queued,
        text: (row) => count(row.queued),
        hint: "waiting for a reply now",
      },
      {
        title: "Conns",
        number: true,
        value: (row) => row.connections.ready,
        text: (row) => whole(row.connections.ready),
        hint: "connections that answer, of all workers",
      },
      {
        title: "In",
        number: true,
        value: (row) => row.received_rate,
        text: (row) => `${bytes(row.received_rate)}/s`,
        hint: "bytes received from it",
      },
      {
        title: "Failures",
        number: true,
        value: (row) => row.failures,
        show: showFailures,
        hint: "connections lost or not made since the start",
      },
    ],
    key: (row) => row.label,
    searched: (row) => `${row.label} ${row.address} ${row.state} ${row.pools.join(" ")}`,
    none: "The configuration has no servers.",
  });
  const named = sources.make();
  const moving = moves.make();
  const filter = Table.filterField("Filter by name, address, pool or state", pools, servers, named.table);
  return {
    element: h(
      "div",
      {},
      h("div", { class: "tools" }, filter),
      h("section", {}, h("h2", {}, "Pools"), pools.element),
      h("section", {}, h("h2", {}, "Servers"), servers.element),
      named.element,
      moving.element,
    ),
    update(live) {
      named.update();
      moving.update();
      slowest = Math.max(0, ...live.backends.map((each) => each.latency?.p99 ?? 0));
      pools.update(live.pools);
      servers.update(live.backends);
    },
    show(argument) {
      if (argument !== undefined) {
        filter.value = argument;
        pools.filter = argument;
        servers.filter = argument;
        named.table.filter = argument;
      }
    },
  };
}

function showUp(cell, row) {
  setText(cell, `${row.up} of ${row.backends}`);
  cell.classList.toggle("bad", row.up < row.backends);
}

function showErrors(cell, row) {
  setText(cell, rate(row.error_rate));
  cell.classList.toggle("bad", row.error_rate > 0);
}

function showLabel(cell, row) {
  if (!cell.firstChild) cell.append(h("span", { class: "label" }), h("span", { class: "address" }));
  setText(cell.firstChild, row.label);
  setText(cell.lastChild, row.label === row.address ? "" : row.address);
}

function showState(cell, row) {
  if (!cell.firstChild) cell.append(h("span", { class: "state" }));
  setState(cell.firstChild, row.state);
}

function showFailures(cell, row) {
  setText(cell, whole(row.failures));
  cell.title = row.last_failure ? `${moment(row.last_failure.time)}: ${row.last_failure.meaning}` : "";
}

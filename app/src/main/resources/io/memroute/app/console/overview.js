// How it goes: rates, hit ratio, latency and errors, now and over the last ten minutes.

import { Chart } from "./charts.js";
import { h, setText } from "./dom.js";
import { count, percent, rate, time, whole } from "./format.js";
import { Table } from "./table.js";

const TILES = [
  {
    title: "Requests",
    unit: (live) => `a second, ${whole(live.requests.total)} in all`,
    value: (live) => count(live.requests.rate),
  },
  { title: "Hit ratio", unit: "of gets", value: (live) => percent(live.requests.hit_ratio) },
  { title: "Median", unit: "time to answer", value: (live) => time(live.requests.latency?.p50) },
  { title: "99th percentile", unit: "time to answer", value: (live) => time(live.requests.latency?.p99) },
  {
    title: "Errors",
    unit: "a second",
    value: (live) => count(live.requests.error_rate),
    bad: (live) => live.requests.error_rate > 0,
  },
  { title: "Clients", unit: "connected", value: (live) => whole(live.clients.connections) },
  { title: "Servers", unit: "are up", value: up, bad: (live) => live.backends.some((each) => each.state === "bad") },
];

function up(live) {
  const wanted = live.backends.filter((each) => each.state !== "down");
  return `${wanted.filter((each) => each.state === "up").length} of ${wanted.length}`;
}

export function make() {
  const tiles = TILES.map((tile) => {
    const value = h("strong");
    const unit = h("span", { class: "unit" });
    return {
      ...tile,
      shown: value,
      unitShown: unit,
      element: h("div", { class: "tile" }, h("span", { class: "name" }, tile.title), value, unit),
    };
  });
  const charts = [
    new Chart(
      "Requests and errors a second",
      [
        { name: "rate", label: "requests", colour: "one", area: true },
        { name: "error_rate", label: "errors", colour: "bad" },
      ],
      count,
    ),
    new Chart("Hit ratio", [{ name: "hit_ratio", label: "hits", colour: "two", area: true }], percent, () => [0, 1]),
    new Chart(
      "Time to answer",
      [
        { name: "p99", label: "p99", colour: "three" },
        { name: "p50", label: "p50", colour: "one" },
      ],
      time,
      (least, most) => [0, most ? most * 1.1 : 0.001],
    ),
    new Chart(
      "Under way",
      [
        { name: "active", label: "requests", colour: "two" },
        { name: "connections", label: "clients", colour: "four" },
      ],
      count,
    ),
  ];
  const classes = new Table({
    caption: "Kinds of commands",
    columns: [
      { title: "Commands", value: (row) => row.name },
      { title: "Rate", number: true, value: (row) => row.rate, text: (row) => rate(row.rate) },
      ...["p50", "p90", "p99", "p999", "max"].map((name) => ({
        title: name === "p999" ? "p99.9" : name,
        number: true,
        value: (row) => row.latency?.[name],
        text: (row) => time(row.latency?.[name]),
      })),
    ],
    key: (row) => row.name,
    sort: 1,
    descending: true,
    none: "No requests yet.",
  });
  const groups = new Table({
    caption: "Clients by the tag of their listener",
    columns: [
      { title: "Listener", value: (row) => row.listener || "untagged" },
      { title: "Connections", number: true, value: (row) => row.connections, text: (row) => whole(row.connections) },
      { title: "Requests", number: true, value: (row) => row.rate, text: (row) => rate(row.rate) },
      { title: "Errors", number: true, value: (row) => row.error_rate, text: (row) => rate(row.error_rate) },
      {
        title: "Refused",
        number: true,
        value: (row) => row.refused,
        text: (row) => whole(row.refused),
        hint: "connections since the start",
      },
    ],
    key: (row) => row.listener,
    sort: 2,
    descending: true,
    none: "No client has connected yet.",
  });
  const identities = new Table({
    caption: "Clients by identity",
    columns: [
      { title: "Identity", value: (row) => row.identity },
      { title: "Requests", number: true, value: (row) => row.rate, text: (row) => rate(row.rate) },
      {
        title: "Denied",
        number: true,
        value: (row) => row.denied,
        text: (row) => whole(row.denied),
        hint: "requests that access{} has refused since the start",
      },
      {
        title: "Exceeded",
        number: true,
        value: (row) => row.exceeded,
        text: (row) => whole(row.exceeded),
        hint: "requests above a limit of quotas{} since the start",
      },
    ],
    key: (row) => row.identity,
    sort: 1,
    descending: true,
    none: "No access{} or quotas{}, or no request yet.",
  });
  const byIdentity = h("section", { hidden: "" }, h("h2", {}, "By identity"), identities.element);
  return {
    element: h(
      "div",
      {},
      h(
        "div",
        { class: "tiles" },
        tiles.map((tile) => tile.element),
      ),
      h(
        "div",
        { class: "charts" },
        charts.map((chart) => chart.element),
      ),
      h(
        "div",
        { class: "pair" },
        h("section", {}, h("h2", {}, "By kind of command"), classes.element),
        h("section", {}, h("h2", {}, "By listener"), groups.element),
        byIdentity,
      ),
    ),
    update(live) {
      for (const tile of tiles) {
        setText(tile.shown, tile.value(live));
        setText(tile.unitShown, typeof tile.unit === "string" ? tile.unit : tile.unit(live));
        tile.element.classList.toggle("bad", Boolean(tile.bad?.(live)));
      }
      classes.update(live.classes.filter((row) => row.rate > 0 || row.name === "get" || row.name === "store"));
      groups.update(live.clients.groups);
      identities.update(live.clients.identities);
      byIdentity.hidden = live.clients.identities.length === 0;
    },
    point() {
      charts.forEach((chart) => chart.update());
    },
    show() {
      charts.forEach((chart) => chart.update());
    },
  };
}

// The route tree of each listener, drawn as it is, with the rates on its edges.

import { askJson, command, empty, h, setText, svg } from "./dom.js";
import { percent, plural, rate, time } from "./format.js";
import { live, pools } from "./live.js";

const WIDTH = 168;
const POOL_WIDTH = 216;
const GAP = 76;
const ROW = 58;
const POOL_ROW = 84;
const BOX = 44;
const MOST_DOTS = 24;
/** Handlers whose first child gets every request, and those all of whose children do. */
const FIRST = new Set(["failover", "zfailover", "ttl", "prefix", "warm", "log", "shadow"]);
const ALL = new Set(["allsync", "allfastest", "all"]);

export function make() {
  const drawing = h("div", { class: "drawing" });
  const scroll = h(
    "div",
    { class: "scroll drawn", tabindex: "0", role: "region", "aria-label": "Routes, from listeners to pools" },
    drawing,
  );
  const note = empty("");
  const filter = h("input", {
    type: "search",
    class: "filter",
    placeholder: "Filter by entry, route or pool",
    "aria-label": "Filter by entry, route or pool",
    spellcheck: "false",
    oninput: () => draw(),
  });
  let outline = null;
  let graph = null;

  async function load() {
    try {
      outline = await askJson(command("show", ["--json"]));
      draw();
    } catch (error) {
      outline = null;
      drawing.replaceChildren();
      setText(note, error.message);
      note.hidden = false;
    }
  }

  function draw() {
    if (!outline) return;
    graph = layout(outline, filter.value.trim().toLowerCase());
    note.hidden = graph.nodes.length > 0;
    setText(note, filter.value ? "Nothing matches the filter." : "The configuration has no routes.");
    drawing.style.width = `${graph.width}px`;
    drawing.style.height = `${graph.height}px`;
    const lines = svg("svg", { width: graph.width, height: graph.height, "aria-hidden": "true" });
    for (const edge of graph.edges) {
      edge.line = svg("path", { class: "edge", d: curve(edge) });
      edge.label = svg("text", { class: "flow", x: edge.to.x - 8, y: edge.to.y + edge.in - 5, "text-anchor": "end" });
      lines.append(edge.line);
    }
    graph.edges.forEach((edge) => lines.append(edge.label));
    drawing.replaceChildren(lines, ...graph.nodes.map(box));
    update();
  }

  function update() {
    if (!graph || !live.numbers) return;
    const now = {
      pools: pools(),
      routes: new Map(live.numbers.routes.map((each) => [each.name, each])),
      backends: new Map(live.numbers.backends.map((each) => [each.label, each])),
    };
    const most = Math.max(1, ...live.numbers.pools.map((each) => each.rate));
    for (const edge of graph.edges) edge.rate = flow(edge, now);
    for (const edge of graph.edges) {
      setText(edge.label, edge.rate === null ? "" : rate(edge.rate));
      edge.line.style.strokeWidth = edge.rate ? `${1 + 5 * Math.sqrt(Math.min(1, edge.rate / most))}px` : "1px";
      edge.line.classList.toggle("flows", Boolean(edge.rate));
    }
    graph.nodes.forEach((node) => node.refresh?.(now));
  }

  return {
    element: h(
      "div",
      {},
      h(
        "p",
        { class: "lead" },
        "Requests go from left to right. A rate stands where it is known: at pools, at routes with a ",
        h("code", {}, "name"),
        ", and where it follows from those.",
      ),
      h("div", { class: "tools" }, filter),
      scroll,
      note,
    ),
    show: load,
    reload: load,
    update,
  };
}

/** The rate on an edge; null where several edges lead to what is measured, and nothing else tells them apart. */
function flow(edge, now) {
  return edge.to.parents.length > 1 ? null : through(edge.to, now);
}

/** The rate at which a node gets requests. */
function through(node, now) {
  if (node.pool !== undefined) return now.pools.get(node.pool)?.rate ?? null;
  const named = node.name === undefined ? undefined : now.routes.get(node.name);
  if (named) return named.rate;
  const children = node.children.map((edge) => flow(edge, now));
  if (children.length === 0) return null;
  if (children.length === 1 || FIRST.has(node.handler)) return children[0];
  if (ALL.has(node.handler)) return children.find((each) => each !== null) ?? null;
  return children.some((each) => each === null) ? null : children.reduce((a, b) => a + b, 0);
}

function layout(outline, wanted) {
  const nodes = [];
  const edges = [];
  const shared = new Map();
  const ofPool = new Map(outline.pools.map((pool) => [pool.name, pool]));
  let depths = 0;

  const node = (more) => {
    const made = { children: [], parents: [], depth: 0, ...more };
    nodes.push(made);
    return made;
  };
  const connect = (from, to, role) => {
    const edge = { from, to, role };
    from.children.push(edge);
    to.parents.push(edge);
    edges.push(edge);
  };
  const end = (key, more) => {
    if (!shared.has(key)) shared.set(key, node(more));
    return shared.get(key);
  };
  const target = (to) => {
    if (to.kind === "pool_named")
      return end(`pool ${to.pool}`, { pool: to.pool, title: to.pool, servers: ofPool.get(to.pool)?.backends ?? [] });
    if (to.kind === "embedded") return end("embedded", { embedded: true, title: "embedded store" });
    return null;
  };
  const grow = (from, route, role, depth) => {
    const made = node({
      title: route.handler,
      handler: route.handler,
      name: route.arguments?.name,
      words: route.arguments,
      role,
      depth,
    });
    depths = Math.max(depths, depth);
    connect(from, made, role);
    for (const child of route.children) {
      const to = target(child.target);
      if (to) connect(made, to, child.role);
      else grow(made, child.target.route, child.role, depth + 1);
    }
  };
  const matches = (entry) =>
    wanted === "" ||
    JSON.stringify([entry.name, entry.route], (key, value) => (key === "where" ? undefined : value))
      .toLowerCase()
      .includes(wanted);
  for (const tree of outline.trees) {
    const entries = tree.rules.filter(matches);
    if (entries.length === 0) continue;
    const root = node({ title: tree.tag || "untagged", listener: true, depth: 0 });
    for (const entry of entries) {
      const rule = node({ title: entry.name, entry: true, depth: 1 });
      connect(root, rule, "");
      grow(rule, entry.route, "", 2);
    }
  }

  // Each node without routes below it has a row of its own, its parents the middle of theirs.
  let row = 0;
  const place = (at) => {
    const below = at.children.map((edge) => edge.to).filter((to) => to.pool === undefined && !to.embedded);
    below.forEach(place);
    at.y = below.length === 0 ? row++ * ROW : (below[0].y + below.at(-1).y) / 2;
  };
  nodes.filter((each) => each.listener).forEach(place);
  const ends = [...shared.values()];
  for (const each of ends) {
    each.depth = depths + 1;
    each.y = each.parents.reduce((sum, edge) => sum + edge.from.y, 0) / each.parents.length;
  }
  ends.sort((a, b) => a.y - b.y);
  let free = 0;
  for (const each of ends) {
    each.y = Math.max(each.y, free);
    free = each.y + POOL_ROW;
  }
  for (const each of nodes) {
    each.x = each.depth * (WIDTH + GAP);
    each.height = each.pool === undefined ? BOX : POOL_ROW - 14;
  }
  // Edges that arrive at one pool arrive beside each other.
  for (const each of nodes) {
    each.parents
      .sort((a, b) => a.from.y - b.from.y)
      .forEach((edge, index) => {
        edge.in = (each.height * (index + 1)) / (each.parents.length + 1);
      });
    each.children.forEach((edge) => (edge.out = each.height / 2));
  }
  return {
    nodes,
    edges,
    width: nodes.length === 0 ? 0 : (depths + 1) * (WIDTH + GAP) + POOL_WIDTH,
    height: Math.max(row * ROW, free) + 8,
  };
}

function curve({ from, to, ...edge }) {
  const x = from.x + WIDTH;
  const y = from.y + edge.out;
  const far = to.x;
  const bend = Math.min(GAP, (far - x) / 2);
  const end = to.y + edge.in;
  return `M${x} ${y}H${far - 2 * bend > x ? far - 2 * bend : x}C${far - bend} ${y} ${far - bend} ${end} ${far} ${end}`;
}

/** The style of a box, by what stands in it. */
function styleOf(node) {
  if (node.pool !== undefined) {
    return "pool";
  }
  return node.listener ? "listener" : node.entry ? "entry" : node.embedded ? "embedded" : "route";
}

function box(node) {
  const element = h("div", { class: `node ${styleOf(node)}` });
  element.style.left = `${node.x}px`;
  element.style.top = `${node.y}px`;
  element.style.width = `${node.pool === undefined ? WIDTH : POOL_WIDTH}px`;
  element.style.height = `${node.height}px`;
  if (node.pool !== undefined) return poolBox(node, element);
  const kind = node.listener
    ? "listener"
    : node.entry
      ? "entry"
      : node.embedded
        ? "this proxy"
        : node.parents[0]?.role || "route";
  element.append(h("span", { class: "kind" }, kind), h("b", {}, node.title), node.name ? h("code", {}, node.name) : "");
  const details = Object.entries(node.words ?? {})
    .filter(([name]) => name !== "name")
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
  element.title = details ? `${node.title}: ${details}` : node.title;
  if (node.name !== undefined) {
    const numbers = h("span", { class: "numbers" });
    element.append(numbers);
    node.refresh = (now) => {
      const route = now.routes.get(node.name);
      setText(numbers, route ? `${percent(route.hit_ratio)} hits · p99 ${time(route.latency?.p99)}` : "");
    };
  }
  return element;
}

function poolBox(node, element) {
  const total = h("span", { class: "numbers" });
  const dots = h("span", { class: "dots" });
  const marks = node.servers.slice(0, MOST_DOTS).map((server) => {
    const label = server.label ?? server.address;
    const mark = h("i", {});
    dots.append(mark);
    return { label, mark };
  });
  if (node.servers.length > MOST_DOTS) dots.append(`+${node.servers.length - MOST_DOTS}`);
  element.append(
    h("span", { class: "kind" }, `pool, ${plural(node.servers.length, "server")}`),
    h("a", { href: `#/servers?${encodeURIComponent(node.pool)}` }, node.title),
    dots,
    total,
  );
  node.refresh = (now) => {
    const pool = now.pools.get(node.pool);
    setText(
      total,
      pool ? `${rate(pool.rate)} · ${percent(pool.hit_ratio)} hits · p99 ${time(pool.latency?.p99)}` : "not used",
    );
    for (const { label, mark } of marks) {
      const state = now.backends.get(label)?.state ?? "unknown";
      mark.dataset.state = state;
      mark.title = `${label}: ${state}`;
    }
  };
  return element;
}

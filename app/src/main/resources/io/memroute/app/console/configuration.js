// The configuration in force, the last loads, and a place to try out another one.

import { ask, askJson, command, empty, h, setText } from "./dom.js";
import { moment, percent, plural, time, whole } from "./format.js";
import { Table } from "./table.js";

export function make() {
  const facts = h("dl", { class: "facts" });
  const errors = h("div", {});
  const outline = h(
    "pre",
    { class: "outline", tabindex: "0", "aria-label": "The configuration with all defaults" },
    "…",
  );
  const loads = new Table({
    caption: "Loads",
    columns: [
      { title: "Ended", value: (row) => row.ended, text: (row) => moment(row.ended) },
      { title: "Took", number: true, value: (row) => row.took, text: (row) => time(row.took) },
      {
        title: "Result",
        value: (row) => row.errors ?? "in force",
        show: (cell, row) => {
          setText(cell, row.errors === undefined ? "in force" : row.errors.split("\n")[0]);
          cell.classList.toggle("bad", row.errors !== undefined);
          cell.title = row.errors ?? "";
        },
      },
    ],
    key: (row) => row.ended,
    descending: true,
    none: "Nothing has been loaded: there is no configuration.",
  });

  async function load() {
    try {
      const [inForce, reloads] = await Promise.all([askJson("/api/configuration"), askJson("/api/reloads")]);
      facts.replaceChildren(
        ...[
          ["File", inForce.source ?? "none: this is a plain memcached"],
          ["In force since", inForce.loaded ? moment(inForce.loaded) : "–"],
          ["Digest", inForce.digest ?? "–"],
          ["Loads", `${whole(reloads.loads)}, of which ${whole(reloads.failed)} failed`],
        ].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
      );
      errors.replaceChildren(
        ...(inForce.last_errors === undefined
          ? []
          : [
              h("h2", {}, "The last reload failed"),
              h(
                "p",
                { class: "lead" },
                "The previous configuration stays in force. Correct this, check it, and reload:",
              ),
              h("pre", { class: "errors" }, inForce.last_errors),
            ]),
      );
      loads.update(reloads.recent);
      setText(outline, await ask(command("show", [])));
    } catch (error) {
      setText(outline, error.message);
    }
  }

  return {
    element: h(
      "div",
      {},
      facts,
      errors,
      h("section", {}, h("h2", {}, "Try another one"), proposal()),
      h("section", {}, h("h2", {}, "Last loads"), loads.element),
      h("section", {}, h("h2", {}, "In force, with all defaults"), outline),
    ),
    show: load,
    reload: load,
  };
}

/** Reads Server-Sent Events from the answer to a POST, which EventSource cannot send. */
async function post(path, body, signal, received) {
  const response = await fetch(path, {
    method: "POST",
    body,
    signal,
    headers: { "Content-Type": "application/x-lua" },
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    for (const event of events) {
      const lines = event.split("\n");
      const data = lines
        .filter((line) => line.startsWith("data: "))
        .map((line) => line.slice(6))
        .join("\n");
      received(lines.find((line) => line.startsWith("event: "))?.slice(7), data);
    }
  }
}

function proposal() {
  const text = h("textarea", {
    rows: "12",
    spellcheck: "false",
    autocapitalize: "none",
    "aria-label": "Configuration to try out",
    placeholder: "pools{ … }\nroutes{ … }",
  });
  const keys = h(
    "select",
    { "aria-label": "Keys to hash" },
    ...[
      [10_000, "10,000 keys"],
      [100_000, "100,000 keys"],
      [1_000_000, "1,000,000 keys"],
    ].map(([value, label]) => h("option", { value: String(value), selected: value === 100_000 }, label)),
  );
  const progress = h("progress", { max: "1", value: "0", "aria-label": "Keys hashed", hidden: true });
  const words = h("span", { class: "unit", role: "status" });
  const button = h("button", { type: "submit", class: "primary" }, "Check and compare");
  const result = h("div", { class: "result", "aria-live": "polite" });
  let stop = null;

  async function tryOut(event) {
    event.preventDefault();
    stop?.abort();
    stop = new AbortController();
    const own = stop;
    result.replaceChildren();
    progress.hidden = false;
    progress.value = 0;
    setText(words, "reading …");
    let whole = false;
    try {
      await post(`/api/proposal?keys=${keys.value}`, text.value, own.signal, (name, data) => {
        if (name === "progress") {
          const { hashed, all } = JSON.parse(data);
          progress.value = hashed / all;
          setText(words, `${percent(hashed / all)} of the keys hashed`);
        } else if (name === "check") {
          result.append(...checked(JSON.parse(data)));
          whole = JSON.parse(data).errors.length > 0;
        } else if (name === "plan") {
          result.append(...planned(JSON.parse(data)));
          whole = true;
        } else {
          result.append(h("p", { class: "errors" }, data));
          whole = true;
        }
      });
      if (!whole) throw new Error("The proxy ended the answer before it was whole.");
      setText(words, "");
    } catch (error) {
      if (own.signal.aborted) return;
      result.append(h("p", { class: "errors" }, error.message));
      setText(words, "");
    } finally {
      if (stop === own) progress.hidden = true;
    }
  }

  return h(
    "form",
    { class: "proposal", onsubmit: tryOut },
    h(
      "p",
      { class: "lead" },
      "Paste a configuration: its errors and warnings, and what a reload would change. Nothing of it is kept or " +
        "put in force. It runs without files and environment variables, and only from this machine.",
    ),
    text,
    h("div", { class: "tools" }, button, keys, progress, words),
    result,
  );
}

function checked(report) {
  if (report.errors.length > 0) {
    return [
      h("h3", { class: "bad" }, `A start would refuse it: ${plural(report.errors.length, "error")}`),
      findings(report.errors),
    ];
  }
  return [
    h(
      "h3",
      {},
      `Good: ${plural(report.pools, "pool")}, ${plural(report.backends, "server")}, ` +
        `${plural(report.trees, "route tree")}`,
    ),
    ...(report.warnings.length > 0
      ? [h("p", { class: "lead" }, "Legal, but probably not meant:"), findings(report.warnings)]
      : []),
  ];
}

function findings(all) {
  return h(
    "ol",
    { class: "findings" },
    all.map((each) =>
      h(
        "li",
        {},
        h(
          "code",
          {},
          each.where ? [each.where.line, each.where.column].filter((part) => part !== undefined).join(":") : "",
        ),
        h("span", {}, each.message),
      ),
    ),
  );
}

function planned(plan) {
  const part = (title, rows) =>
    rows.length === 0
      ? []
      : [
          h("h3", {}, title),
          h(
            "ul",
            { class: "changes" },
            rows.map(([sign, ...words]) =>
              h(
                "li",
                { class: { "+": "added", "-": "removed", "~": "changed" }[sign] },
                h("b", { "aria-label": { "+": "new", "-": "gone", "~": "different" }[sign] }, sign),
                h("span", {}, ...words),
              ),
            ),
          ),
        ];
  const change = (each) => `${each.name}: ${each.before ?? "–"} → ${each.after ?? "–"}`;
  const pools = [
    ...plan.pools_added.map((name) => ["+", name]),
    ...plan.pools_removed.map((name) => ["-", name]),
    ...plan.pools_changed.map((pool) => [
      "~",
      h("b", {}, pool.name),
      `: ${percent(pool.keys_moved / pool.keys)} of the keys change their server`,
      ...[
        ...pool.backends_added.map((each) => `+ ${each}`),
        ...pool.backends_removed.map((each) => `− ${each}`),
        ...pool.options.map(change),
        ...Object.entries(pool.backends_changed).map(
          ([address, changes]) => `${address}: ${changes.map(change).join(", ")}`,
        ),
      ].map((each) => h("small", {}, each)),
    ]),
  ];
  const routes = plan.routes.map((each) => [
    each.before === undefined ? "+" : each.after === undefined ? "-" : "~",
    h("b", {}, each.tag ? `${each.tag}: ${each.rule}` : each.rule),
    ...[
      ["was", each.before],
      ["is", each.after],
    ]
      .filter(([, route]) => route !== undefined)
      .map(([name, route]) => h("small", {}, `${name} ${route}`)),
  ]);
  const gets = plan.gets.map((each) => [
    "~",
    h("b", {}, each.tag ? `${each.tag}: ${each.rule}` : each.rule),
    `: ${percent(each.keys_moved / each.keys)} of the keys are looked for on another server: a miss each, until ` +
      "they are cached there",
  ]);
  const { kept, opened, closed } = plan.connections;
  const parts = [
    ...part(
      "Settings",
      plan.settings.map((each) => ["~", change(each)]),
    ),
    ...part("Pools", pools),
    ...part("Routes", routes),
    ...part("Keys", gets),
    ...part("Connections", [...opened.map((each) => ["+", each]), ...closed.map((each) => ["-", each])]),
  ];
  return [
    h("h3", {}, parts.length === 0 ? "A reload would change nothing" : "A reload would change this"),
    ...parts,
    h(
      "p",
      { class: "unit" },
      `${plural(kept.length, "connection")} kept, ${whole(opened.length)} opened, ${whole(closed.length)} closed ` +
        `on each worker; measured with ${whole(plan.sampled_keys)} generated keys.`,
    ),
    ...(parts.length === 0 && opened.length === 0 ? [empty("It does the same as what is in force.")] : []),
  ];
}

// "Where does a key go?": a command, its way, and what happens if servers are down.

import { askJson, command, empty, h, setText } from "./dom.js";
import { time, whole } from "./format.js";
import { live } from "./live.js";

const EXAMPLE = "get user:42";

export function make() {
  const line = h("input", {
    class: "command",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "none",
    "aria-label": "Command as a client sends it, without its value",
    placeholder: EXAMPLE,
  });
  const tag = h("input", {
    class: "tag",
    spellcheck: "false",
    autocomplete: "off",
    "aria-label": "Tag of the listener",
    placeholder: "untagged",
  });
  const answer = h("div", { class: "answer", "aria-live": "polite" });
  const down = new Set();
  const servers = h("fieldset", { class: "servers" });
  let asked = 0;

  async function explain() {
    const text = line.value.trim();
    if (text === "") {
      answer.replaceChildren(
        empty("Type a command, such as ", h("code", {}, EXAMPLE), " or ", h("code", {}, "set session/7 0 60 5"), "."),
      );
      return;
    }
    const number = ++asked;
    const words = ["--json"];
    if (tag.value.trim() !== "") words.push("--tag", tag.value.trim());
    down.forEach((address) => words.push("--down", address));
    words.push("--", text);
    try {
      const explanation = await askJson(command("why", words));
      // A later question may have been answered already.
      if (number === asked) show(explanation);
    } catch (error) {
      if (number === asked) answer.replaceChildren(h("pre", { class: "errors" }, error.message));
    }
  }

  function show(explanation) {
    const parts = explanation.error ? [h("pre", { class: "errors" }, String(explanation.error))] : [];
    const used = new Map();
    for (const key of explanation.keys ?? []) {
      parts.push(
        h(
          "section",
          { class: "way" },
          h("h2", {}, key.key === undefined || key.key === "" ? explanation.command : h("code", {}, key.key)),
          lookups(key.lookups ?? []),
          key.route ? h("ul", { class: "tree" }, h("li", {}, step(key.route, "", used))) : null,
          key.chance ? h("p", { class: "lead" }, "Chance decides here: these courses are possible ones.") : null,
          scenarios(key.scenarios ?? []),
        ),
      );
    }
    answer.replaceChildren(...(parts.length > 0 ? parts : [h("pre", {}, JSON.stringify(explanation, null, 2))]));
    showServers(used);
  }

  /** The servers of this answer first, then those that are taken as down. */
  function showServers(used) {
    for (const address of down) if (!used.has(address)) used.set(address, address);
    const boxes = [...used].map(([address, label]) =>
      h(
        "label",
        {},
        h("input", {
          type: "checkbox",
          checked: down.has(address),
          onchange: (event) => {
            if (event.target.checked) down.add(address);
            else down.delete(address);
            explain();
          },
        }),
        h("span", {}, label === address ? address : `${label} (${address})`),
      ),
    );
    const focused = document.activeElement?.closest?.("fieldset.servers label")?.textContent;
    servers.replaceChildren(
      h("legend", {}, "Take as down"),
      ...(boxes.length > 0 ? boxes : [h("span", { class: "unit" }, "No server is asked.")]),
    );
    for (const label of servers.querySelectorAll("label")) {
      if (label.textContent === focused) label.firstChild.focus();
    }
  }

  const form = h(
    "form",
    {
      class: "ask",
      onsubmit: (event) => {
        event.preventDefault();
        explain();
      },
    },
    h("label", { class: "grow" }, h("span", {}, "Command"), line),
    h("label", {}, h("span", {}, "Listener"), tag),
    h("button", { type: "submit", class: "primary" }, "Explain"),
  );
  showServers(new Map());
  return {
    element: h(
      "div",
      {},
      h(
        "p",
        { class: "lead" },
        "The configuration in force is run with simulated servers: nothing is sent to a real one.",
      ),
      form,
      servers,
      answer,
    ),
    show(argument) {
      if (argument !== undefined) line.value = argument;
      explain();
    },
    reload: () => line.isConnected && explain(),
  };
}

function place(where) {
  return where?.file ? h("span", { class: "place" }, `${where.file.split("/").at(-1)}:${where.line}`) : null;
}

function lookups(all) {
  return h(
    "ol",
    { class: "lookups" },
    all.map((each) => h("li", {}, h("b", {}, each.part), " ", h("span", {}, each.finding), " ", place(each.where))),
  );
}

function step(route, role, used) {
  return h(
    "div",
    { class: "step" },
    role ? h("span", { class: "role" }, role) : null,
    h("b", {}, route.handler),
    route.name ? h("code", {}, route.name) : null,
    h("span", { class: "does" }, route.does ?? ""),
    place(route.where),
    h(
      "ul",
      { class: "tree" },
      (route.children ?? []).map((child) => h("li", {}, target(child, used))),
    ),
  );
}

function target(child, used) {
  const to = child.target;
  switch (to.kind) {
    case "pool_choice": {
      used.set(to.backend, to.label ?? to.backend);
      const state = live.numbers?.backends.find(
        (each) => each.address === to.backend && each.label === (to.label ?? each.label),
      )?.state;
      return h(
        "div",
        { class: to.down ? "step choice down" : "step choice" },
        h("span", { class: "role" }, child.role),
        h("b", {}, `pool ${to.pool}`),
        h("code", { class: "server" }, to.label ?? to.backend),
        to.label ? h("span", { class: "does" }, to.backend) : null,
        h("span", { class: "does" }, `server ${to.slot + 1} of ${whole(to.backends)}`),
        to.down
          ? h("span", { class: "verdict" }, "taken as down")
          : state && state !== "up"
            ? h("span", { class: "verdict" }, `${state} now`)
            : null,
        h("span", { class: "place" }, `hash ${to.hash} of “${to.hashed}”`),
      );
    }
    default: {
      if (to.handler) return step(to, child.role, used);
      if (to.route) return step(to.route, child.role, used);
      return h(
        "div",
        { class: "step" },
        h("span", { class: "role" }, child.role),
        h("b", {}, String(to.kind).replaceAll("_", " ")),
        to.pool ? h("code", {}, to.pool) : null,
        to.reason ? h("span", { class: "does" }, to.reason) : null,
      );
    }
  }
}

function scenarios(all) {
  if (all.length === 0) return null;
  return h(
    "div",
    { class: "table" },
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "What happens" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["If", "servers are asked and answer", "the client gets"].map((title) => h("th", { scope: "col" }, title)),
          ),
        ),
        h(
          "tbody",
          {},
          all.map(({ condition, course }) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, condition),
              h(
                "td",
                {},
                course.asked.length === 0
                  ? "none is asked"
                  : course.asked.map((each, index) =>
                      h(
                        "span",
                        { class: "asked" },
                        index > 0 ? ", " : "",
                        h("code", {}, each.backend),
                        ` ${each.answer}`,
                      ),
                    ),
              ),
              h(
                "td",
                {},
                h("b", { class: /ERROR/.test(course.outcome) ? "bad" : null }, course.outcome),
                course.from && course.asked.length > 1 ? ` from ${course.from}` : "",
                course.after > 0 ? ` after ${time(course.after)}` : "",
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

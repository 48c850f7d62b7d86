// What has happened to connections to servers, the newest first.

import { empty, h } from "./dom.js";
import { moment } from "./format.js";
import { live } from "./live.js";

const MOST = 200;
const GOOD = "recovered";
const MEANT = { markedbad: "marked bad", markedbadflap: "marked bad, flapping" };

export function make() {
  const list = h("ol", { class: "events" });
  const field = h("input", {
    type: "search",
    class: "filter",
    placeholder: "Filter by server or event",
    "aria-label": "Filter by server or event",
    spellcheck: "false",
    oninput: fill,
  });
  function fill() {
    const wanted = field.value.trim().toLowerCase();
    const found = live.events
      .filter((each) => `${each.backend} ${each.event} ${each.detail}`.toLowerCase().includes(wanted))
      .slice(0, MOST);
    list.replaceChildren(
      ...found.map((each) =>
        h(
          "li",
          { class: each.event === GOOD ? "good" : "trouble" },
          h("time", { datetime: each.time }, moment(each.time)),
          h("b", {}, each.backend),
          h("span", { class: "event" }, MEANT[each.event] ?? each.event),
          h("span", { class: "detail" }, each.detail),
        ),
      ),
    );
    if (found.length === 0) {
      list.replaceChildren(
        h(
          "li",
          { class: "none" },
          empty(
            live.events.length === 0
              ? "Nothing has happened to a server since the proxy started. That is how it should be."
              : "Nothing matches the filter.",
          ),
        ),
      );
    }
  }
  return {
    element: h(
      "div",
      {},
      h(
        "p",
        { class: "lead" },
        "Connections to servers that were lost, not made, marked bad, or that answer again. Clients see the same " +
          "with “watch proxyevents”.",
      ),
      h("div", { class: "tools" }, field),
      list,
    ),
    show: fill,
    event: fill,
  };
}

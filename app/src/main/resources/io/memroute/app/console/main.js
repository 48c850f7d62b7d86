// The frame of the console: views by the address behind #, theme, keys, the state of the connection, notices.

import { repaint } from "./charts.js";
import * as configuration from "./configuration.js";
import { askJson, h, setText } from "./dom.js";
import * as events from "./events.js";
import { plural, time } from "./format.js";
import * as keys from "./keys.js";
import { live } from "./live.js";
import * as overview from "./overview.js";
import * as routes from "./routes.js";
import * as servers from "./servers.js";
import * as slow from "./slow.js";
import * as where from "./where.js";

const VIEWS = [
  { name: "overview", title: "Overview", make: overview.make },
  { name: "servers", title: "Pools and servers", make: servers.make },
  { name: "routes", title: "Routes", make: routes.make },
  { name: "keys", title: "Hot keys", make: keys.make },
  { name: "slow", title: "Slow requests", make: slow.make },
  { name: "events", title: "Events", make: events.make },
  { name: "configuration", title: "Configuration", make: configuration.make },
  { name: "where", title: "Where does a key go?", make: where.make },
];

/** Of a server within the interval of the numbers, and in seconds: below, chance decides which one is the slowest. */
const LEAST_REQUESTS = 20;
const LEAST_DIFFERENCE = 0.002;

const at = (id) => document.getElementById(id);
const made = new Map();
let shown = null;

for (const [index, view] of VIEWS.entries()) {
  view.link = h("a", { href: `#/${view.name}` }, view.title, h("kbd", { "aria-hidden": "true" }, String(index + 1)));
  at("views").append(h("li", {}, view.link));
}

function go() {
  const [name, argument] = location.hash.replace(/^#\/?/, "").split("?");
  const view = VIEWS.find((each) => each.name === name) ?? VIEWS[0];
  if (!made.has(view.name)) made.set(view.name, view.make());
  for (const each of VIEWS) {
    if (each === view) each.link.setAttribute("aria-current", "page");
    else each.link.removeAttribute("aria-current");
  }
  const changed = shown !== null && shown !== made.get(view.name);
  shown = made.get(view.name);
  setText(at("title"), view.title);
  document.title = `${view.title} – memroute`;
  at("view").replaceChildren(shown.element);
  shown.show?.(argument === undefined ? undefined : decodeURIComponent(argument));
  update();
  if (changed) at("main").focus({ preventScroll: true });
  reveal(view.link);
}

/** Scrolls the links of a narrow window. scrollIntoView would also have Tab go on from there. */
function reveal(link) {
  const nav = link.closest("nav");
  const frame = nav.getBoundingClientRect();
  const place = link.getBoundingClientRect();
  nav.scrollLeft += Math.min(0, place.left - frame.left) + Math.max(0, place.right - frame.right);
}

function update() {
  if (live.numbers) shown.update?.(live.numbers);
}

/* Connection and readiness. */

function showLink() {
  const words = {
    connecting: "connecting",
    live: "live",
    slow: "every few seconds",
    lost: "no connection",
    paused: "paused",
  };
  const link = at("link");
  setText(link, words[live.link]);
  link.dataset.link = live.link;
  link.title = live.reason;
  document.body.classList.toggle("stale", live.link === "lost");
  notice(
    "link",
    live.link === "lost"
      ? `${live.reason} What you see is as it was then. Trying again …`
      : live.link === "slow"
        ? `${live.reason}: numbers come more slowly here.`
        : "",
  );
}

function showReady() {
  const ready = at("ready");
  setText(ready, live.numbers.ready ? "ready" : "not ready");
  ready.dataset.ready = live.numbers.ready;
  ready.title = live.numbers.ready
    ? "Clients may be sent here"
    : "Clients should not be sent here: see /readyz?verbose";
  const bad = live.numbers.backends.filter((backend) => backend.state === "bad");
  notice(
    "bad",
    bad.length === 0
      ? ""
      : `${plural(bad.length, "server")} marked bad: ${bad
          .slice(0, 3)
          .map((each) => each.label)
          .join(", ")}${bad.length > 3 ? " …" : ""}`,
    "#/servers",
  );
  notice("slow", slowServer(), "#/servers");
}

/** A server that takes several times as long as the others of its pool, in words; empty if there is none. */
function slowServer() {
  let worst = { ratio: 3, words: "" };
  for (const pool of live.numbers.pools) {
    const members = live.numbers.backends
      .filter(
        (each) =>
          each.pools.includes(pool.name) && each.latency && each.rate * live.numbers.interval_seconds >= LEAST_REQUESTS,
      )
      .sort((a, b) => a.latency.p50 - b.latency.p50);
    if (members.length < 2) continue;
    const slow = members.at(-1);
    const usual = members[(members.length - 1) >> 1].latency.p50;
    const ratio = slow.latency.p50 / usual;
    if (ratio > worst.ratio && slow.latency.p50 - usual > LEAST_DIFFERENCE) {
      worst = {
        ratio,
        words:
          `${slow.label} is slow: half of its replies take ${time(slow.latency.p50)} or more, those of pool ` +
          `${pool.name} usually ${time(usual)}.`,
      };
    }
  }
  return worst.words;
}

async function showConfiguration() {
  try {
    const inForce = await askJson("/api/configuration");
    setText(at("source"), inForce.source ?? "no configuration: a plain memcached");
    notice(
      "reload",
      inForce.last_errors === undefined ? "" : "The last reload failed; the previous configuration stays in force.",
      "#/configuration",
    );
  } catch {
    // The link shows it.
  }
}

const notices = new Map();

/** A line above the view as long as it has words. */
function notice(name, words, href) {
  let line = notices.get(name);
  if (!line) {
    line = h("p", { class: "notice" }, href ? h("a", { href }) : h("span"));
    line.hidden = true;
    notices.set(name, line);
    at("notices").append(line);
  }
  setText(line.firstChild, words);
  line.hidden = !words;
}

/* Theme. */

const THEMES = ["system", "light", "dark"];
const SIGNS = { system: "◐", light: "☀", dark: "☾" };

function theme() {
  return THEMES.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "system";
}

function setTheme(name) {
  localStorage.setItem("theme", name);
  document.documentElement.dataset.theme = name;
  setText(at("theme"), SIGNS[name]);
  at("theme").setAttribute("aria-label", `Theme: ${name}`);
  at("theme").title = `Theme: ${name} (t)`;
  repaint();
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
}

/* Keys. */

function pressed(event) {
  const field = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && field) field.blur();
  if (field || event.ctrlKey || event.metaKey || event.altKey || at("shortcuts").open) return;
  const view = VIEWS[Number(event.key) - 1];
  if (view) location.hash = `#/${view.name}`;
  else if (event.key === "t") nextTheme();
  else if (event.key === "?") at("shortcuts").showModal();
  else if (event.key === "/") {
    const target = at("view").querySelector("input");
    if (target) {
      event.preventDefault();
      target.focus();
    }
  }
}

setTheme(theme());
at("theme").addEventListener("click", nextTheme);
at("help").addEventListener("click", () => at("shortcuts").showModal());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
addEventListener("hashchange", go);
document.addEventListener("keydown", pressed);
live.addEventListener("link", showLink);
live.addEventListener("live", () => {
  showReady();
  update();
});
live.addEventListener("point", () => shown.point?.());
live.addEventListener("backend", () => shown.event?.());
live.addEventListener("reload", () => {
  showConfiguration();
  made.forEach((view) => view.reload?.());
});
showLink();
showConfiguration();
go();
live.start();

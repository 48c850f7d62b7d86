// The numbers of the proxy as they come, from /api/stream. Tells "live", "point", "backend", "reload" and "link".

import { askJson } from "./dom.js";

const RETRY_MILLIS = [1000, 2000, 5000];
const SILENT_MILLIS = 6000;
const KEPT_POINTS = 600;

class Live extends EventTarget {
  /** The last answer of /api/live. */
  numbers = null;
  /** Columns as /api/history has them. */
  history = null;
  /** The newest first. */
  events = [];
  /** "connecting", "live", "slow" (asked for again and again), "lost", or "paused" while nobody sees the page. */
  link = "connecting";
  reason = "";
  #source = null;
  #failures = 0;
  #waiting = 0;
  #last = 0;

  start() {
    this.#connect();
    // A page that nobody sees, or that has been left, must not keep one of the few connections to this host.
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#pause() : this.#resume()));
    addEventListener("pagehide", () => this.#pause());
    addEventListener("pageshow", (event) => event.persisted && this.#resume());
    setInterval(() => {
      if (this.link === "live" && performance.now() - this.#last > SILENT_MILLIS) {
        this.#lost("The proxy has sent nothing for some seconds.");
      }
    }, 1000);
  }

  #pause() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#waiting);
    this.#setLink("paused");
  }

  #resume() {
    if (this.link === "paused") {
      this.#setLink("connecting");
      this.#connect();
    }
  }

  #connect() {
    const source = new EventSource("/api/stream");
    this.#source = source;
    source.addEventListener("live", (event) => {
      this.#last = performance.now();
      this.#failures = 0;
      this.#setLink("live");
      this.#numbers(JSON.parse(event.data));
    });
    source.addEventListener("point", (event) => {
      this.#addPoint(JSON.parse(event.data));
      this.#tell("point");
    });
    source.addEventListener("backend", (event) => {
      this.events.unshift(JSON.parse(event.data));
      this.events.length = Math.min(this.events.length, 500);
      this.#tell("backend");
    });
    source.addEventListener("reload", () => this.#tell("reload"));
    source.onopen = () => this.#catchUp();
    source.onerror = () => {
      if (this.#source === source) this.#lost("The connection to the proxy is lost.");
    };
  }

  /** What has happened so far. */
  async #catchUp() {
    try {
      const [history, events] = await Promise.all([askJson("/api/history"), askJson("/api/events")]);
      this.history = history;
      this.events = events.events;
      this.#tell("point");
      this.#tell("backend");
      this.#tell("reload");
    } catch {
      // The stream says when it is over.
    }
  }

  #lost(reason) {
    this.#source.close();
    const wait = RETRY_MILLIS[Math.min(this.#failures++, RETRY_MILLIS.length - 1)];
    this.#setLink(this.link === "slow" ? "slow" : "lost", reason);
    this.#waiting = setTimeout(() => this.#retry(), wait);
  }

  /** There may be too many streams, and the proxy alive. */
  async #retry() {
    if (this.#failures > 1) {
      try {
        const numbers = await askJson("/api/live");
        const refusal = await this.#refusal();
        if (refusal) {
          this.#setLink("slow", refusal);
          this.#numbers(numbers);
        }
      } catch (error) {
        if (this.link !== "paused") this.#setLink("lost", error.message);
      }
    }
    if (this.link !== "paused") this.#connect();
  }

  /** Why there is no stream; empty if there is. */
  async #refusal() {
    const stop = new AbortController();
    try {
      const response = await fetch("/api/stream", { signal: stop.signal });
      return response.ok ? "" : (await response.text()).trim();
    } finally {
      stop.abort();
    }
  }

  #numbers(numbers) {
    this.numbers = numbers;
    this.#tell("live");
  }

  #addPoint(point) {
    const history = this.history;
    if (!history || history.time.at(-1) >= point.time) return;
    for (const [name, column] of Object.entries(history)) {
      column.push(point[name]);
      if (column.length > KEPT_POINTS) column.shift();
    }
  }

  #setLink(link, reason = "") {
    if (this.link === link && this.reason === reason) return;
    this.link = link;
    this.reason = reason;
    this.#tell("link");
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

export const live = new Live();

export function pools() {
  return new Map((live.numbers?.pools ?? []).map((pool) => [pool.name, pool]));
}

// Charts of the last ten minutes, drawn by uPlot, with their latest values as text.

import uPlot from "./uPlot.js";
import { h, setText } from "./dom.js";
import { live } from "./live.js";

const HEIGHT = 150;
const together = uPlot.sync("overview");
const charts = new Set();

/** A colour of the style sheet as it is now. */
function colour(name) {
  const probe = h("span", { class: "hidden" });
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Seconds only where minutes would not tell the ticks apart. */
function clockTimes(ticks) {
  const shown = ticks.length > 1 && ticks[1] - ticks[0] < 60 ? 8 : 5;
  return ticks.map((tick) => new Date(tick * 1000).toTimeString().slice(0, shown));
}

export class Chart {
  #lines;
  #format;
  #bounds;
  #plot = null;
  #place = h("div", { class: "plot" });
  #values;

  /** @param lines [{name: of a column, label, colour}]; @param bounds of the axis, of what is seen by default */
  constructor(title, lines, format, bounds = (least, most) => [0, most || 1]) {
    this.#lines = lines;
    this.#format = format;
    this.#bounds = bounds;
    this.#values = lines.map(() => h("b"));
    const key = lines.map((line, index) =>
      h("span", { class: "key" }, h("i", { class: `line-${line.colour}` }), `${line.label} `, this.#values[index]),
    );
    this.element = h(
      "figure",
      { class: "chart" },
      h("figcaption", {}, h("span", { class: "name" }, title), key),
      this.#place,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#place);
    charts.add(this);
  }

  #resize() {
    const width = this.#place.clientWidth;
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#draw(width);
  }

  #draw(width) {
    const axis = {
      stroke: colour("faint-text"),
      grid: { stroke: colour("grid"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui",
    };
    this.#plot = new uPlot(
      {
        width,
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        cursor: { sync: { key: together.key }, points: { size: 6 }, drag: { x: false, y: false } },
        legend: { show: false },
        scales: { y: { range: (plot, least, most) => this.#bounds(least, most) } },
        axes: [
          { ...axis, size: 28, space: 70, values: (plot, ticks) => clockTimes(ticks) },
          { ...axis, size: 58, space: 30, values: (plot, ticks) => ticks.map((tick) => this.#format(tick)) },
        ],
        series: [
          {},
          ...this.#lines.map((line) => ({
            stroke: colour(line.colour),
            width: 1.5,
            fill: line.area ? colour(`${line.colour}-area`) : undefined,
            points: { show: false },
            spanGaps: false,
          })),
        ],
        hooks: { setCursor: [() => this.#showValues()] },
      },
      this.#data(),
      this.#place,
    );
  }

  #data() {
    const history = live.history;
    return history
      ? [history.time, ...this.#lines.map((line) => history[line.name])]
      : [[], ...this.#lines.map(() => [])];
  }

  /** Those under the cursor, else the latest. */
  #showValues() {
    const history = live.history;
    const at = this.#plot?.cursor.idx ?? -1;
    this.#lines.forEach((line, index) => setText(this.#values[index], this.#format(history?.[line.name].at(at))));
  }

  update() {
    if (this.#plot) this.#plot.setData(this.#data());
    this.#showValues();
  }

  /** Colours have changed. */
  repaint() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#resize();
  }
}

export function repaint() {
  charts.forEach((chart) => chart.repaint());
}

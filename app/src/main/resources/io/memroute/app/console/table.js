// A table that is sorted by its header's buttons, filtered by a field, and brought up to date in place.

import { empty, h, setText } from "./dom.js";

/** Rows in the page at a time; a thousand servers are found by the filter. */
const MOST_ROWS = 250;

/**
 * A column: {title, value(row), text(row) or show(cell, row), number, hint, wide}. `value` is what sorts; `show` fills
 * a cell anew each time it is called.
 */
export class Table {
  #columns;
  #key;
  #rows = [];
  #shown = new Map();
  #body = h("tbody");
  #filter = "";
  #searched;
  #sort;
  #headers = [];
  #empty;
  #none;
  #more = h("p", { class: "more", hidden: true });

  /** @param options {caption, columns, key(row), sort: index, descending, searched(row), none: words} */
  constructor({ caption, columns, key, sort = 0, descending = false, searched = key, none }) {
    this.#columns = columns;
    this.#key = key;
    this.#searched = searched;
    this.#none = none;
    this.#sort = { column: sort, descending };
    this.#empty = empty("");
    const header = h("tr");
    columns.forEach((column, index) => {
      const button = h("button", { type: "button", onclick: () => this.#sortBy(index) }, column.title);
      const cell = h("th", { scope: "col", class: column.number ? "number" : null, title: column.hint }, button);
      this.#headers.push(cell);
      header.append(cell);
    });
    this.element = h(
      "div",
      { class: "table" },
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
        h("table", {}, h("caption", { class: "hidden" }, caption), h("thead", {}, header), this.#body),
      ),
      this.#empty,
      this.#more,
    );
    this.#render();
  }

  update(rows) {
    this.#rows = rows;
    this.#render();
  }

  set filter(text) {
    this.#filter = text.trim().toLowerCase();
    this.#render();
  }

  /** A field that filters this table, and others with it. */
  static filterField(label, ...tables) {
    const field = h("input", {
      type: "search",
      placeholder: label,
      "aria-label": label,
      class: "filter",
      spellcheck: "false",
      oninput: () => tables.forEach((table) => (table.filter = field.value)),
    });
    return field;
  }

  #sortBy(index) {
    const same = this.#sort.column === index;
    const descending = same ? !this.#sort.descending : Boolean(this.#columns[index].number);
    this.#sort = { column: index, descending };
    this.#render();
  }

  #sorted() {
    const { column, descending } = this.#sort;
    const value = this.#columns[column].value;
    const found = this.#filter
      ? this.#rows.filter((row) => this.#searched(row).toLowerCase().includes(this.#filter))
      : [...this.#rows];
    const order = (a, b) => {
      const x = value(a);
      const y = value(b);
      // What has no value is last either way.
      if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
      if (y === null || y === undefined) return -1;
      const result = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
      return descending ? -result : result;
    };
    return found.sort((a, b) => order(a, b) || this.#key(a).localeCompare(this.#key(b), "en", { numeric: true }));
  }

  #render() {
    this.#headers.forEach((cell, index) => {
      const sorted = index === this.#sort.column;
      cell.setAttribute("aria-sort", !sorted ? "none" : this.#sort.descending ? "descending" : "ascending");
    });
    const rows = this.#sorted();
    const page = rows.slice(0, MOST_ROWS);
    const focused = document.activeElement;
    const kept = new Set();
    page.forEach((row, place) => {
      const key = this.#key(row);
      kept.add(key);
      let line = this.#shown.get(key);
      if (!line) {
        line = h(
          "tr",
          {},
          this.#columns.map((column, index) =>
            h(index === 0 ? "th" : "td", { class: column.number ? "number" : null, scope: index === 0 ? "row" : null }),
          ),
        );
        this.#shown.set(key, line);
      }
      this.#columns.forEach((column, index) => {
        const cell = line.children[index];
        if (column.show) column.show(cell, row);
        else setText(cell, column.text ? column.text(row) : column.value(row));
      });
      if (this.#body.children[place] !== line) this.#body.insertBefore(line, this.#body.children[place] ?? null);
    });
    for (const [key, line] of this.#shown) {
      if (!kept.has(key)) {
        line.remove();
        this.#shown.delete(key);
      }
    }
    if (focused !== document.activeElement && this.element.contains(focused)) focused.focus({ preventScroll: true });
    this.#empty.hidden = page.length > 0;
    setText(this.#empty, this.#filter && this.#rows.length > 0 ? `Nothing matches “${this.#filter}”.` : this.#none);
    this.#more.hidden = rows.length <= MOST_ROWS;
    setText(this.#more, `${rows.length - MOST_ROWS} more: the filter finds them.`);
  }
}

/** A cell with a bar behind its number, in proportion to the largest. */
export function bar(cell, text, part) {
  if (!cell.firstChild) cell.append(h("span", { class: "bar" }), h("span"));
  cell.firstChild.style.width = `${Math.round(Math.min(1, Math.max(0, part)) * 100)}%`;
  setText(cell.lastChild, text);
}

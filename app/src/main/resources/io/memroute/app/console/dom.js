// Makes elements. Text always becomes a text node: keys, labels and messages come from the network.

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** h("td", {class: "number"}, "12") */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Sets the text of an element if it is another one. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A state as a shape and a word, never as a colour alone. */
export function state(name) {
  const shown = h("span", { class: "state" });
  setState(shown, name);
  return shown;
}

export function setState(element, name) {
  if (element.dataset.state === name) return;
  element.dataset.state = name;
  element.replaceChildren(name);
}

export function empty(...words) {
  return h("p", { class: "empty" }, ...words);
}

/** Asks a page of this proxy. Throws an Error with the words of the answer if it is none. */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Error("The proxy does not answer.");
  }
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim() || `HTTP status ${response.status}`);
  return text;
}

export async function askJson(path) {
  return JSON.parse(await ask(path));
}

/** The path of a command with its words. */
export function command(name, words) {
  return `/api/${name}?${new URLSearchParams(words.map((word) => ["arg", word]))}`;
}

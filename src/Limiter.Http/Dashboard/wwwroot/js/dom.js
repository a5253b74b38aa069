// Elements are made, never parsed: no text of the server's can become markup.

const properties = new Set(["value", "checked", "disabled", "hidden", "open", "htmlFor", "selected"]);

/** Makes an element: h("p", { class: "note", onclick: go }, "text", child, null). */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (properties.has(key)) element[key] = value;
    else if (key === "css") for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Says something to a screen reader without moving its place. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

let last = 0;

/** An id that no other element has. */
export const newId = prefix => `${prefix}-${++last}`;

// Light or dark: as the system says, until the reader chooses. The choice is kept in this browser.

import { h } from "./dom.js";

const NAME = "limiter.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

const isDark = () => (stored() ?? (dark.matches ? "dark" : "light")) === "dark";

export function apply() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  dispatchEvent(new Event("themechange"));
}

dark.addEventListener("change", apply);

/** A colour of the theme in force, by its name in the style sheet. */
export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The button that changes it. */
export function themeSwitch() {
  const button = h("button", { class: "quiet", type: "button", onclick: change });
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  };
  function change() {
    try {
      localStorage.setItem(NAME, isDark() ? "light" : "dark");
    } catch {
      // Without storage the system's choice stays.
    }
    apply();
    show();
  }
  show();
  return button;
}

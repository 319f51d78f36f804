// The colour scheme: the system's, unless the visitor chose one here. Runs in the head, before anything is
// painted, so that a stored choice never flashes.
(() => {
  "use strict";
  const KEY = "trovato.scheme";
  const ORDER = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return ORDER.includes(value) ? value : "auto";
    } catch {
      return "auto"; // Storage may be blocked; the choice then lasts for this page.
    }
  }

  function store(scheme) {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // See stored().
    }
  }

  function apply(scheme) {
    if (scheme === "auto") {
      root.removeAttribute("data-theme");
    } else {
      root.setAttribute("data-theme", scheme);
    }
  }

  function connect(button) {
    const label = button.querySelector("[data-scheme-label]");
    const show = (scheme) => {
      apply(scheme);
      label.textContent = button.getAttribute(`data-label-${scheme}`);
      button.title = label.textContent;
    };
    let current = stored();
    show(current);
    button.addEventListener("click", () => {
      current = ORDER[(ORDER.indexOf(current) + 1) % ORDER.length];
      store(current);
      show(current);
    });
    button.hidden = false;
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-scheme-switch]").forEach(connect);
  });
})();

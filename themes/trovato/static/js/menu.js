// Comfort for menus whose parts open: Escape closes them, and so does going elsewhere. They open and close without this.
(() => {
  "use strict";

  const parents = [...document.querySelectorAll(".menu__item--parent")];
  const close = (parent) => parent.querySelector(":scope > details").removeAttribute("open");

  for (const parent of parents) {
    parent.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !parent.contains(event.relatedTarget)) {
        close(parent);
      }
    });
    // What Escape has closed stays so while one still points at it.
    parent.addEventListener("pointerleave", () => parent.removeAttribute("data-dismissed"));
  }

  document.addEventListener("click", (event) => {
    parents.filter((parent) => !parent.contains(event.target)).forEach(close);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    for (const parent of parents) {
      if (parent.querySelector(":scope > details").contains(document.activeElement)) {
        parent.querySelector("summary").focus();
      }
      parent.toggleAttribute("data-dismissed", parent.matches(":hover"));
      close(parent);
    }
  });
})();

// Comfort for long content: a copy button on code blocks, and code and tables that scroll sideways can be
// reached and scrolled with the keyboard in every browser.
(() => {
  "use strict";

  function addCopyButton(pre) {
    const code = pre.querySelector("code");
    if (!code || !navigator.clipboard) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "code-block__copy";
    button.textContent = "Copy";
    const status = document.createElement("span");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      let outcome = "Copied";
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        outcome = "Not copied";
      }
      button.textContent = outcome;
      status.textContent = outcome;
      setTimeout(() => {
        button.textContent = "Copy";
        status.textContent = "";
      }, 2000);
    });
    const block = document.createElement("div");
    block.className = "code-block";
    pre.replaceWith(block);
    block.append(pre, button, status);
  }

  function makeScrollable(element, name) {
    const update = () => {
      if (element.scrollWidth > element.clientWidth) {
        element.tabIndex = 0;
        if (name) {
          element.setAttribute("role", "group");
          element.setAttribute("aria-label", name);
        }
      } else if (element.hasAttribute("tabindex")) {
        element.removeAttribute("tabindex");
        element.removeAttribute("role");
        element.removeAttribute("aria-label");
      }
    };
    new ResizeObserver(update).observe(element);
  }

  const main = document.querySelector("main");
  if (!main) {
    return;
  }
  main.querySelectorAll("pre").forEach((pre) => {
    addCopyButton(pre);
    makeScrollable(pre, "Code");
  });
  // A table keeps its role; it only becomes focusable.
  main.querySelectorAll("table").forEach((table) => makeScrollable(table));
})();

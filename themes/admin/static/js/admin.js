// Comfort for the administration; everything works without it. The command palette, filters that take effect while
// one types, selecting rows, and menus that close.
(() => {
  "use strict";

  const wait = (milliseconds, run) => {
    let timer;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => run(...given), milliseconds);
    };
  };

  // Menus close with Escape and by a press elsewhere.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest("details.me[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    document.querySelectorAll("details.me[open]").forEach((menu) => {
      menu.open = menu.contains(event.target);
    });
  });

  const palette = document.getElementById("palette");
  if (palette?.showModal) {
    connectPalette(palette);
  }

  function connectPalette(dialog) {
    const input = dialog.querySelector("input");
    const list = dialog.querySelector("[role=listbox]");
    const none = dialog.querySelector(".palette__none");
    const status = dialog.querySelector("[data-palette-status]");
    const groups = { action: "Actions", page: "Pages", content: "Content" };
    let places = null; // Pages and actions; they are fetched once.
    let content = [];
    let asking = null;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");

    async function fetchHits(query) {
      asking?.abort();
      asking = new AbortController();
      const answer = await fetch(`${dialog.dataset.source}?q=${encodeURIComponent(query)}`, {
        headers: { Accept: "application/json" },
        signal: asking.signal,
      });
      return answer.ok ? (await answer.json()).hits : [];
    }

    function choose(option) {
      chosen()?.setAttribute("aria-selected", "false");
      if (option) {
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    // Words at the beginning of the title come first.
    function rank(hit, words) {
      const title = hit.title.toLowerCase();
      const text = `${title} ${hit.note} ${hit.keywords ?? ""}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) {
        return -1;
      }
      return words.reduce((sum, word) => sum + (title.startsWith(word) ? 3 : title.includes(word) ? 2 : 1), 0);
    }

    function element(name, className, text) {
      const made = document.createElement(name);
      made.className = className;
      made.textContent = text;
      return made;
    }

    function show() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fitting = (places ?? [])
        .map((hit) => ({ hit, rank: rank(hit, words) }))
        .filter((entry) => entry.rank >= 0)
        .sort((a, b) => b.rank - a.rank)
        .map((entry) => entry.hit);
      const hits = [...fitting, ...(words.length ? content : [])];
      list.replaceChildren();
      for (const [kind, heading] of Object.entries(groups)) {
        const ofKind = hits.filter((hit) => hit.kind === kind);
        if (ofKind.length === 0) {
          continue;
        }
        const title = element("li", "palette__group", heading);
        title.setAttribute("role", "presentation");
        list.append(title);
        for (const hit of ofKind) {
          const option = element("li", "palette__hit", "");
          option.id = `palette-${list.children.length}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.href = hit.href;
          option.append(element("span", "palette__title", hit.title), element("span", "palette__note", hit.note));
          list.append(option);
        }
      }
      const found = options();
      none.hidden = places === null || found.length > 0;
      status.textContent = found.length === 1 ? "1 found" : `${found.length} found`;
      choose(found[0]);
    }

    const look = wait(150, async () => {
      const query = input.value.trim();
      try {
        const hits = query ? await fetchHits(query) : [];
        content = hits.filter((hit) => hit.kind === "content");
        show();
      } catch {
        // A newer question has taken this one's place, or there is no network: pages are still found.
      }
    });

    async function open() {
      if (dialog.open) {
        return;
      }
      input.value = "";
      content = [];
      dialog.showModal();
      show();
      if (places === null) {
        try {
          places = await fetchHits("");
        } catch {
          places = [];
        }
        show();
      }
    }

    function go(option, aside) {
      if (!option) {
        return;
      }
      if (aside) {
        window.open(option.dataset.href, "_blank", "noopener");
      } else {
        location.assign(option.dataset.href);
      }
    }

    input.addEventListener("input", () => {
      content = [];
      show();
      look();
    });
    dialog.addEventListener("keydown", (event) => {
      const all = options();
      const at = all.indexOf(chosen());
      const steps = { ArrowDown: at + 1, ArrowUp: at - 1 };
      if (event.key in steps && all.length > 0) {
        event.preventDefault();
        choose(all[(steps[event.key] + all.length) % all.length]);
      } else if (event.key === "Enter" && event.target === input) {
        event.preventDefault();
        go(chosen(), event.ctrlKey || event.metaKey);
      }
    });
    list.addEventListener("click", (event) => go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
    list.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && option !== chosen()) {
        choose(option);
      }
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-palette-close]")) {
        dialog.close();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        open();
      }
    });
    document.querySelectorAll("[data-palette-open]").forEach((link) => {
      link.addEventListener("click", (event) => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
          event.preventDefault();
          document.getElementById("navigation")?.matches(":popover-open") && document.getElementById("navigation").hidePopover();
          open();
        }
      });
    });
    document.querySelectorAll("[data-palette-key]").forEach((key) => {
      key.textContent = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ K" : "Ctrl K";
      key.hidden = matchMedia("(pointer: coarse)").matches;
    });
  }

  document.querySelectorAll("[data-table]").forEach(connectTable);

  function connectTable(table) {
    const filters = table.querySelector("form[data-live]");
    connectRows(table);
    if (filters) {
      connectFilters(table, filters);
    }
  }

  // The rows of another address take the place of these; the fields keep their focus.
  function connectFilters(table, filters) {
    let asking = null;
    const load = async () => {
      const query = new URLSearchParams(new FormData(filters));
      [...query].filter(([, value]) => value === "").forEach(([name]) => query.delete(name));
      const address = `${filters.getAttribute("action")}${query.size ? `?${query}` : ""}`;
      asking?.abort();
      asking = new AbortController();
      const region = table.querySelector("[data-table-region]");
      region.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-table-region]");
        if (!answer.ok || !fresh) {
          throw new Error("no table");
        }
        region.replaceWith(fresh);
        history.replaceState(null, "", address);
        connectRows(table);
        announce(fresh.querySelector(".count, .empty__title")?.textContent ?? "");
      } catch (error) {
        if (error.name !== "AbortError") {
          filters.submit();
        }
      }
    };
    filters.addEventListener("input", wait(250, load));
    filters.addEventListener("submit", (event) => {
      event.preventDefault();
      load();
    });
  }

  function announce(text) {
    let status = document.getElementById("announcer");
    if (!status) {
      status = document.createElement("p");
      status.id = "announcer";
      status.className = "visually-hidden";
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = text;
  }

  // All rows of the page at once; with the shift key all between two; actions wait for a selection.
  function connectRows(table) {
    const form = table.querySelector("form[data-rows]");
    const all = table.querySelector("[data-select-all]");
    const bulk = table.querySelector(".bulk");
    if (!form || !all || !bulk) {
      return;
    }
    const boxes = [...form.querySelectorAll("input[name=row]")];
    let last = null;
    const update = () => {
      const count = boxes.filter((box) => box.checked).length;
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
      bulk.querySelector("[data-selected]").textContent = count === 0 ? "Nothing selected" : `${count} selected`;
      bulk.toggleAttribute("data-idle", count === 0);
      bulk.querySelectorAll("button").forEach((button) => {
        button.disabled = count === 0;
      });
    };
    const label = all.closest("[data-select-label]");
    label.hidden = boxes.length === 0;
    label.nextElementSibling?.remove();
    all.addEventListener("change", () => {
      boxes.forEach((box) => {
        box.checked = all.checked;
      });
      update();
    });
    form.addEventListener("click", (event) => {
      const box = event.target.closest("input[name=row]");
      if (!box) {
        return;
      }
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((between) => {
          between.checked = box.checked;
        });
      }
      last = box;
      update();
    });
    update();
  }
})();

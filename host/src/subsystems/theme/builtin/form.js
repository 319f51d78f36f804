// Makes forms handier: parts that change without a new page, a check of passwords, files dropped onto a field,
// suggestions, tabs. Everything works without it, by the same buttons.
(() => {
  "use strict";
  if (window.trovatoForms) return;
  window.trovatoForms = true;

  const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  // Parts: the answer is the HTML of one element, which takes the place of the one with its id.
  const refresh = async (form, op) => {
    const data = new FormData(form);
    data.set("form_op", op);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    form.setAttribute("aria-busy", "true");
    try {
      const path = encodeURIComponent(form.getAttribute("action"));
      const answer = await fetch(`/system/ajax?path=${path}`, { method: "POST", body: new URLSearchParams(data) });
      if (!answer.ok) throw new Error(answer.status);
      const part = make("div");
      part.innerHTML = await answer.text();
      const fresh = part.firstElementChild;
      const old = fresh && document.getElementById(fresh.id);
      if (!old) throw new Error("no such part");
      // Chosen files can't be sent back: their fields stay the same ones.
      for (const kept of all(old, "input[type=file]")) {
        const field = kept.id && fresh.querySelector("#" + CSS.escape(kept.id));
        if (field) field.replaceWith(kept);
      }
      old.replaceWith(fresh);
      enhance(fresh);
      return fresh;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const focusAfter = (part, op) => {
    const [verb, path] = op.split(":");
    const rows = all(part, ".form-row");
    const index = Number(path.split(".").pop());
    const row = { add: rows.length - 1, up: index - 1, down: index + 1, remove: Math.min(index, rows.length - 1) }[verb];
    const field = rows[row]?.querySelector("input:not([type=hidden]), select, textarea") || part.querySelector("legend, button");
    field?.focus();
  };

  const changing = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    const button = event.submitter;
    const change = changing.get(form);
    if (change) {
      // What a button of a part means is only known when the part is there again; the form itself is sent after it.
      event.preventDefault();
      if (!button?.dataset.formPart) change.then(() => form.requestSubmit(button?.isConnected ? button : undefined));
      return;
    }
    if (button?.dataset.formPart) {
      event.preventDefault();
      const part = refresh(form, button.value).then((fresh) => focusAfter(fresh, button.value)).catch(() => {
        delete button.dataset.formPart;
        form.requestSubmit(button);
      });
      changing.set(form, part.finally(() => changing.delete(form)));
      return;
    }
    // The site acts once whatever is sent; this saves the second request.
    if (form.dataset.formSent) return event.preventDefault();
    if (form.method !== "post") return;
    form.dataset.formSent = "1";
    const files = all(form, "input[type=file]").some((field) => field.files.length);
    if (files && window.XMLHttpRequest) {
      event.preventDefault();
      upload(form, button);
    }
  });
  // A page that comes back from the history can be sent again.
  window.addEventListener("pageshow", () => all(document, "form[data-form]").forEach((form) => delete form.dataset.formSent));

  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-form-refresh]");
    const form = field?.closest("form[data-form]");
    if (form) refresh(form, "refresh:" + field.dataset.formRefresh).catch(() => {});
  });

  // Files are sent with a bar that tells how far they are; the page that is answered takes the place of this one.
  const upload = (form, button) => {
    const data = new FormData(form, button?.name ? button : undefined);
    const bar = make("progress", "form-progress");
    bar.max = 1;
    bar.setAttribute("aria-label", "Sending");
    (form.querySelector(".form-actions") || form).append(bar);
    const request = new XMLHttpRequest();
    const plain = () => {
      bar.remove();
      if (button?.name) {
        const field = make("input");
        Object.assign(field, { type: "hidden", name: button.name, value: button.value });
        form.append(field);
      }
      HTMLFormElement.prototype.submit.call(form);
    };
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onerror = plain;
    request.onload = () => {
      const moved = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname;
      if (request.status < 400 && moved) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const fresh = page.getElementById(form.id);
      if (!fresh) { location.assign(request.responseURL || form.action); return; }
      form.replaceWith(document.adoptNode(fresh));
      enhance(fresh);
      (fresh.querySelector("[autofocus]") || fresh.querySelector("[role=alert]"))?.focus();
    };
    request.open("POST", form.action);
    request.send(data);
  };

  // How hard a password is to guess, by its length and variety alone: nothing is sent anywhere.
  const strength = (text) => {
    const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length;
    const variety = new Set(text).size;
    const points = Math.min(text.length, 2 * variety) + 2 * kinds;
    return points < 14 ? 0 : points < 18 ? 1 : points < 24 ? 2 : 3;
  };
  const meter = (field) => {
    const told = document.getElementById(field.dataset.formMeter);
    const again = document.getElementById(field.id + "-again");
    if (!told) return;
    field.addEventListener("input", () => {
      const level = strength(field.value);
      told.hidden = !field.value;
      told.dataset.level = level;
      told.textContent = "Strength: " + ["weak", "fair", "good", "strong"][level];
    });
    const compare = () => again.setCustomValidity(again.value && again.value !== field.value ? "The two passwords are not the same." : "");
    if (again) for (const one of [field, again]) one.addEventListener("input", compare);
  };

  const size = (bytes) => bytes < 1024 ? bytes + " B" : bytes < 1 << 20 ? Math.round(bytes / 1024) + " KiB" : (bytes / (1 << 20)).toFixed(1) + " MiB";
  const dropZone = (zone) => {
    const field = zone.querySelector("input[type=file]");
    if (!field) return;
    const list = make("ul", "form-file__list");
    list.setAttribute("aria-live", "polite");
    zone.append(make("p", "form-file__hint", field.multiple ? "or drop files here" : "or drop a file here"), list);
    const most = Number(field.dataset.formMostBytes) || Infinity;
    const show = () => {
      const large = [...field.files].filter((file) => file.size > most);
      field.setCustomValidity(large.length ? `${large[0].name} is larger than ${size(most)}.` : "");
      list.replaceChildren(...[...field.files].map((file) => make("li", file.size > most ? "form-file__large" : "", `${file.name}, ${size(file.size)}`)));
    };
    field.addEventListener("change", show);
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("form-file--over"); });
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("form-file--over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, field.multiple ? 20 : 1)) files.items.add(file);
      field.files = files.files;
      show();
    });
  };

  // Suggestions: a list box after the pattern of the ARIA Authoring Practices (combobox with list autocomplete).
  let lists = 0;
  const reference = (field) => {
    const form = field.closest("form[data-form]");
    const picked = field.closest(".form-item").querySelector("[data-form-picked]");
    const list = make("ul", "form-suggestions");
    const status = make("p", "visually-hidden");
    status.setAttribute("role", "status");
    list.id = "form-suggestions-" + ++lists;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    field.after(list, status);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) field.setAttribute(name, value);
    let at = -1, timer, asked = 0;
    const close = () => { list.hidden = true; at = -1; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
    const pick = (option) => { field.value = option.dataset.label; picked.value = option.dataset.id; close(); };
    const mark = (index) => {
      const options = [...list.children];
      at = (index + options.length) % options.length;
      options.forEach((option, here) => option.setAttribute("aria-selected", here === at));
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    };
    const ask = async () => {
      const number = ++asked;
      const data = new FormData(form);
      data.set("form_op", "suggest:" + field.name);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      const path = encodeURIComponent(form.getAttribute("action"));
      const answer = await fetch(`/system/ajax?path=${path}`, { method: "POST", body: new URLSearchParams(data) });
      if (!answer.ok || number !== asked) return;
      const found = await answer.json();
      list.replaceChildren(...found.map((one, index) => {
        const option = make("li", "", one.label);
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        Object.assign(option.dataset, { id: one.id, label: one.label });
        if (one.hint) option.append(make("span", "form-suggestions__hint", one.hint));
        option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(option); });
        return option;
      }));
      status.textContent = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      at = -1;
    };
    field.addEventListener("input", () => {
      picked.value = "";
      clearTimeout(timer);
      if (field.value.trim().length < 2) return close();
      timer = setTimeout(() => ask().catch(close), 200);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 ? -1 : at - 1); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); pick(list.children[at]); }
      else if (event.key === "Escape") close();
    });
    field.addEventListener("blur", () => setTimeout(close, 150));
  };

  // Tabs of what stands one below the other without a script.
  const tabs = (root) => {
    const groups = [...root.children].filter((group) => group.matches("fieldset, details"));
    if (groups.length < 2) return;
    // A fieldset may not be a panel itself (ARIA in HTML), so that each gets one around it.
    const panels = groups.map((group) => {
      const panel = make("div");
      panel.id = group.id + "-panel";
      panel.setAttribute("role", "tabpanel");
      group.replaceWith(panel);
      panel.append(group);
      return panel;
    });
    const bar = make("div", "form-tabs__bar");
    bar.setAttribute("role", "tablist");
    if (root.getAttribute("aria-label")) bar.setAttribute("aria-label", root.getAttribute("aria-label"));
    const buttons = panels.map((panel, index) => {
      const group = groups[index];
      const heading = group.querySelector(":scope > legend, :scope > summary");
      const button = make("button", "form-tabs__tab", heading.textContent);
      button.type = "button";
      button.id = group.id + "-tab";
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      if (panel.querySelector("[aria-invalid=true]")) button.classList.add("form-tabs__tab--invalid");
      heading.hidden = true;
      if (group.matches("details")) group.open = true;
      panel.setAttribute("aria-labelledby", button.id);
      return button;
    });
    const show = (index, focus) => buttons.forEach((button, here) => {
      button.setAttribute("aria-selected", here === index);
      button.tabIndex = here === index ? 0 : -1;
      panels[here].hidden = here !== index;
      if (here === index && focus) button.focus();
    });
    buttons.forEach((button, index) => {
      button.addEventListener("click", () => show(index));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) { event.preventDefault(); show((index + step + buttons.length) % buttons.length, true); }
        else if (event.key === "Home" || event.key === "End") { event.preventDefault(); show(event.key === "Home" ? 0 : buttons.length - 1, true); }
      });
    });
    bar.append(...buttons);
    root.prepend(bar);
    // A field that the browser or a link to what is wrong wants to show must be seen.
    const reveal = (target) => {
      const index = panels.findIndex((panel) => panel.contains(target));
      if (index >= 0) show(index);
    };
    root.addEventListener("invalid", (event) => reveal(event.target), true);
    root.addEventListener("form-reveal", (event) => reveal(event.target));
    show(Math.max(0, panels.findIndex((panel) => panel.querySelector("[aria-invalid=true]"))));
  };

  // Drafts: a form that can keep one keeps it while somebody writes, some seconds after the last key.
  const drafts = (form) => {
    const button = form.querySelector("button[name=form_op][value=draft]");
    if (!button || form.dataset.formDrafts) return;
    form.dataset.formDrafts = "1";
    const said = make("span", "form-draft");
    said.setAttribute("role", "status");
    button.after(said);
    let timer;
    const keep = async () => {
      if (form.dataset.formSent || form.getAttribute("aria-busy")) return;
      const data = new FormData(form);
      data.set("form_op", "draft");
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      try {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(data) });
        said.textContent = answer.ok ? "Draft kept" : "The draft could not be kept";
      } catch {
        said.textContent = "The draft could not be kept";
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      said.textContent = "";
      timer = setTimeout(keep, 4000);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  };

  // Rows that have buttons to move them can be dragged as well: it presses the buttons.
  const sortable = (group) => {
    const rows = [...group.children].filter((child) => child.classList.contains("form-row"));
    const move = (row, verb) => row.querySelector(`:scope > .form-row__actions > button[value^="${verb}:"]`);
    if (rows.length < 2 || !rows.some((row) => move(row, "down"))) return;
    let dragged = null;
    rows.forEach((row, index) => {
      const handle = make("span", "form-row__handle", "⠿");
      handle.setAttribute("aria-hidden", "true");
      handle.draggable = true;
      row.prepend(handle);
      handle.addEventListener("dragstart", (event) => {
        dragged = index;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(row, 0, 0);
      });
      row.addEventListener("dragover", (event) => {
        if (dragged !== null && dragged !== index) event.preventDefault();
      });
      row.addEventListener("drop", async (event) => {
        if (dragged === null || dragged === index) return;
        event.preventDefault();
        const form = group.closest("form");
        const base = move(rows[dragged], dragged < index ? "down" : "up").value.replace(/^[a-z]+:|\.\d+$/g, "");
        const verb = dragged < index ? "down" : "up";
        for (let at = dragged; at !== index; at += verb === "down" ? 1 : -1) await refresh(form, `${verb}:${base}.${at}`);
      });
      handle.addEventListener("dragend", () => (dragged = null));
    });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".form-problems a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new CustomEvent("form-reveal", { bubbles: true }));
    field.focus();
  });

  const enhance = (root) => {
    all(root, "[data-form-meter]").forEach(meter);
    all(root, "[data-form-file]").forEach(dropZone);
    all(root, "[data-form-reference]").forEach(reference);
    all(root, "[data-form-tabs]").forEach(tabs);
    // Rows of several kinds have a script of their own.
    all(root, ".form-group:not([data-form-kinds])").forEach(sortable);
    all(root, "form[data-form]").forEach(drafts);
    root.dispatchEvent(new CustomEvent("form-enhanced", { bubbles: true }));
  };
  document.addEventListener("form-part", (event) => all(event.detail, "[data-form-file]").forEach(dropZone));
  enhance(document);
})();

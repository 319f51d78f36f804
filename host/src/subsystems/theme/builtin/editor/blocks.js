// Rows of several kinds, such as the blocks of a body: each shows what its kind has, and is added, moved and removed in
// the page. The form stays the same one: it is the names of its fields that move.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const { make } = editor;

  const KINDS_OF_ONE_LINE = ["heading", "link"];

  class Blocks {
    constructor(group) {
      this.group = group;
      this.form = group.closest("form");
      this.base = group.id.replace(/-item$/, "");
      this.count = group.querySelector(":scope > input[type=hidden]");
      this.path = this.count.name.replace(/\.rows$/, "");
      this.kind = group.dataset.formKinds;
      this.gone = [];
      this.adder = [...group.children].find((child) => child.matches(`button[value="add:${CSS.escape(this.path)}"]`));
      this.status = make("p", { class: "visually-hidden", role: "status" });
      this.undo = make("div", { class: "blocks__undo" });
      for (const row of this.rows) this.dress(row);
      for (const row of this.rows) if (this.isEmpty(row)) row.remove();
      this.kinds = this.kindsOf(group) || [];
      this.bar = this.menu("Add a block");
      group.append(this.undo, this.bar, this.status);
      if (this.adder) this.adder.hidden = true;
      this.number();
      group.addEventListener("keydown", (event) => this.keydown(event));
    }

    get rows() {
      return [...this.group.children].filter((child) => child.classList.contains("form-row"));
    }

    chooser(row) {
      return row.querySelector(`select[name$=".${CSS.escape(this.kind)}"]`);
    }

    kindsOf(part) {
      const select = part.querySelector(`select[name$=".${CSS.escape(this.kind)}"]`) || this.pattern;
      if (select) this.pattern = select;
      return select && [...select.options].filter((option) => option.value).map((option) => [option.value, option.label]);
    }

    nameOf(row) {
      const chooser = this.chooser(row);
      return chooser?.value ? chooser.selectedOptions[0].label : "Block";
    }

    isEmpty(row) {
      this.kindsOf(row);
      const fields = [...row.querySelectorAll("input, textarea, select")];
      return !this.chooser(row).value && !row.querySelector("[aria-invalid=true]") && fields.every((field) => field.localName === "select" || field.type === "checkbox" || !field.value);
    }

    // A row with its buttons, showing what its kind has.
    dress(row) {
      const actions = row.querySelector(":scope > .form-row__actions") || row.appendChild(make("div", { class: "form-row__actions" }));
      const button = (label, sign, act) => {
        const made = make("button", { class: "button button--quiet button--small", type: "button", "aria-label": label, title: label }, make("span", { "aria-hidden": "true" }, sign));
        made.addEventListener("click", () => act(made));
        return made;
      };
      const [up, down] = [button("Move up", "↑", () => this.move(row, -1, up)), button("Move down", "↓", () => this.move(row, 1, down))];
      const add = button("Add a block below", "+", () => this.addBelow(row, add));
      add.setAttribute("aria-expanded", "false");
      actions.replaceChildren(up, down, add, button("Remove", "✕", () => this.remove(row)));
      row.classList.add("block");
      this.drag(row, actions);
      this.chooser(row).addEventListener("change", () => this.show(row));
      this.show(row);
    }

    // Shows what the kind of a row has, under the name that it has there.
    show(row) {
      const kind = this.chooser(row).value || "text";
      for (const item of row.querySelectorAll("[data-form-serves]")) {
        const names = JSON.parse(item.dataset.formServes);
        item.hidden = !(kind in names);
        const label = item.querySelector("label");
        const words = label?.querySelector("span") || label;
        if (!item.hidden && words && !item.querySelector("[data-form-file]")) words.firstChild.textContent = names[kind];
      }
      for (const text of row.querySelectorAll("textarea[data-form-rich]")) {
        if (kind === "text") delete text.dataset.formPlain;
        else text.dataset.formPlain = "";
        text.rows = KINDS_OF_ONE_LINE.includes(kind) ? 1 : 5;
        const help = text.closest(".form-item").querySelector(".form-item__help");
        if (help) help.hidden = kind !== "list" && kind !== "code";
        editor.field(text)?.follow(true);
      }
      row.dataset.kind = kind;
      this.name(row);
    }

    name(row) {
      const rows = this.rows;
      row.setAttribute("aria-label", `${this.nameOf(row)}, block ${rows.indexOf(row) + 1} of ${rows.length}`);
    }

    // Gives the fields of all rows the names of the places where they stand.
    number() {
      const rows = this.rows;
      rows.forEach((row, index) => {
        const field = this.chooser(row);
        const now = field.name.slice(this.path.length + 1).split(".", 1)[0];
        if (now !== String(index)) this.rename(row, now, index);
        this.name(row);
      });
      rows.forEach((row, index) => {
        const [up, down] = row.querySelectorAll(":scope > .form-row__actions > button");
        up?.toggleAttribute("disabled", index === 0);
        down?.toggleAttribute("disabled", index === rows.length - 1);
      });
      this.count.value = rows.length;
    }

    rename(row, from, to) {
      const names = [[`${this.path}.${from}.`, `${this.path}.${to}.`], [`${this.base}-${from}-`, `${this.base}-${to}-`]];
      for (const element of row.querySelectorAll("*")) {
        for (const attribute of [...element.attributes]) {
          if (attribute.name === "value" || attribute.name.startsWith("data-html")) continue;
          const renamed = names.reduce((value, [old, fresh]) => value.replaceAll(old, fresh), attribute.value);
          if (renamed !== attribute.value) element.setAttribute(attribute.name, renamed);
        }
      }
    }

    told(words) {
      this.status.textContent = words;
      // Drafts are kept of what rows there are, too.
      this.count.dispatchEvent(new Event("input", { bubbles: true }));
    }

    move(row, step, button) {
      const rows = this.rows;
      const other = rows[rows.indexOf(row) + step];
      if (!other) return;
      if (step < 0) other.before(row);
      else other.after(row);
      this.number();
      this.told(`${row.getAttribute("aria-label")}.`);
      if (!button) return;
      if (button.disabled) row.querySelector(":scope > .form-row__actions > button:not(:disabled)")?.focus();
      else button.focus();
    }

    remove(row) {
      const name = this.nameOf(row);
      const at = this.rows.indexOf(row);
      for (const text of row.querySelectorAll("textarea")) text.dataset.formGone = "";
      row.remove();
      this.gone.push({ row, at, name });
      this.number();
      this.offerUndo();
      this.told(`${name} removed.`);
      this.undo.querySelector("button").focus();
    }

    offerUndo() {
      this.undo.replaceChildren();
      const last = this.gone.at(-1);
      if (!last) return;
      const button = make("button", { class: "button button--quiet button--small", type: "button" }, `Put back: ${last.name}`);
      button.addEventListener("click", () => {
        this.gone.pop();
        for (const text of last.row.querySelectorAll("textarea")) delete text.dataset.formGone;
        this.insert(last.row, last.at);
        this.offerUndo();
        this.told(`${last.name} is back.`);
        this.focus(last.row);
      });
      this.undo.append(make("span", {}, `${last.name} removed.`), button);
    }

    insert(row, at) {
      const rows = this.rows;
      if (rows[at]) rows[at].before(row);
      else if (rows.length) rows.at(-1).after(row);
      else this.count.after(row);
      this.number();
    }

    focus(row) {
      const text = [...row.querySelectorAll("textarea, input:not([type=hidden], [type=file])")].find((field) => !field.closest("[hidden]") || editor.field(field)?.isShown);
      const field = text && editor.field(text);
      if (field?.isShown) field.view.focus();
      else (text || this.chooser(row)).focus();
    }

    // The kinds that there are, as buttons.
    menu(label, chosen = (kind) => this.add(kind, this.rows.length)) {
      const menu = make("div", { class: "blocks__kinds", role: "group", "aria-label": label }, make("span", { class: "blocks__label", "aria-hidden": "true" }, `${label}:`));
      for (const [kind, name] of this.kinds) {
        const button = make("button", { class: "button button--quiet button--small", type: "button" }, name);
        button.addEventListener("click", () => chosen(kind));
        menu.append(button);
      }
      return menu;
    }

    addBelow(row, button) {
      const open = row.querySelector(":scope > .blocks__kinds");
      const close = () => {
        row.querySelector(":scope > .blocks__kinds")?.remove();
        button.setAttribute("aria-expanded", "false");
      };
      if (open) return close();
      const menu = this.menu("Add below", (kind) => {
        close();
        this.add(kind, this.rows.indexOf(row) + 1);
      });
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
        button.focus();
      });
      row.append(menu);
      button.setAttribute("aria-expanded", "true");
      menu.querySelector("button").focus();
    }

    // A new row comes from the site, which knows what is in it.
    async add(kind, at) {
      if (this.form.getAttribute("aria-busy")) return;
      this.form.setAttribute("aria-busy", "true");
      try {
        const row = await this.fetch();
        if (!row) return void this.told("No more blocks can be added.");
        this.chooser(row).value = kind;
        this.choose(row);
        this.dress(row);
        this.insert(row, at);
        editor.enhance(row);
        this.form.dispatchEvent(new CustomEvent("form-part", { bubbles: true, detail: row }));
        this.told(`${row.getAttribute("aria-label")}, added.`);
        this.form.removeAttribute("aria-busy");
        this.focus(row);
      } catch {
        // Without the part, the whole page is asked for.
        this.form.removeAttribute("aria-busy");
        if (this.adder) this.form.requestSubmit(this.adder);
      } finally {
        this.form.removeAttribute("aria-busy");
      }
    }

    // A new text is written in the first format that has an editor.
    choose(row) {
      for (const text of row.querySelectorAll("textarea[data-form-rich]")) {
        const formats = row.querySelector(`select[name="${CSS.escape(text.dataset.formRich)}"]`);
        const options = [...(formats?.options || [])].map((option) => option.value).filter(Boolean);
        const known = editor.schemasOf(this.form);
        if (formats && !formats.value) formats.value = options.find((option) => known.has(option)) || options[0] || "";
      }
    }

    async fetch() {
      const rows = this.rows.length;
      const data = new FormData(this.form);
      data.set("form_op", `add:${this.path}`);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      const path = encodeURIComponent(this.form.getAttribute("action"));
      const answer = await fetch(`/system/ajax?path=${path}`, { method: "POST", body: new URLSearchParams(data) });
      if (!answer.ok) throw new Error(answer.status);
      const part = make("div");
      part.innerHTML = await answer.text();
      const fresh = [...part.querySelectorAll(".form-row")];
      return fresh.length > rows ? document.adoptNode(fresh.at(-1)) : null;
    }

    keydown(event) {
      if (event.key === "Enter" && event.target.matches("textarea") && KINDS_OF_ONE_LINE.includes(event.target.closest(".form-row")?.dataset.kind)) event.preventDefault();
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const row = event.target.closest(".form-row");
      if (!step || !event.altKey || !event.shiftKey || !row) return;
      event.preventDefault();
      const focused = document.activeElement;
      this.move(row, step);
      focused.focus();
    }

    drag(row, actions) {
      const handle = make("span", { class: "blocks__handle", "aria-hidden": "true", title: "Drag to move" }, "⠿");
      handle.draggable = true;
      actions.prepend(handle);
      handle.addEventListener("dragstart", (event) => {
        this.dragged = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(row, 0, 0);
      });
      handle.addEventListener("dragend", () => { this.dragged = null; });
      row.addEventListener("dragover", (event) => { if (this.dragged && this.dragged !== row) event.preventDefault(); });
      row.addEventListener("drop", (event) => {
        if (!this.dragged || this.dragged === row) return;
        event.preventDefault();
        const rows = this.rows;
        if (rows.indexOf(this.dragged) < rows.indexOf(row)) row.after(this.dragged);
        else row.before(this.dragged);
        this.number();
        this.told(`${this.dragged.getAttribute("aria-label")}.`);
      });
    }
  }

  const dressed = new WeakSet();
  const start = (root) => {
    for (const group of [...(root.matches?.("[data-form-kinds]") ? [root] : []), ...root.querySelectorAll("[data-form-kinds]")]) {
      if (dressed.has(group) || group.disabled) continue;
      dressed.add(group);
      new Blocks(group);
    }
    editor.enhance(root);
  };
  document.addEventListener("form-enhanced", (event) => start(event.target));
  start(document);
})();

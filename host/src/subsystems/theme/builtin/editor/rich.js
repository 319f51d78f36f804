// A text in a format of HTML is written as readers will see it. The field of the form stays where it is and holds the
// same as ever; without a script it is what people write in.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const { make } = editor;
  const pm = window.trovatoProseMirror;

  // How long after a change the field of the form follows, in milliseconds; it has all of it before it is sent.
  const WAIT = 300;
  const fields = new WeakMap();

  const known = new WeakMap();

  // The schemas of the formats of a form that are HTML, by name.
  editor.schemasOf = (form) => {
    if (!known.has(form)) {
      const said = document.querySelector(`[data-form-formats="${CSS.escape(form.getAttribute("id"))}"]`);
      const formats = Object.entries(JSON.parse(said?.textContent || "{}").formats || {});
      const schemas = formats.map(([name, markup]) => [name, editor.schema(new editor.Rules(markup))]);
      known.set(form, new Map(schemas.filter(([, schema]) => schema)));
    }
    return known.get(form);
  };

  class Field {
    constructor(textarea) {
      this.textarea = textarea;
      this.schemas = editor.schemasOf(textarea.form);
      this.schema = null;
      this.view = null;
      this.label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
      this.demands = ["required", "minlength", "maxlength"].map((name) => [name, textarea.getAttribute(name)]);
      // A text that can't be shown has failed here, and nothing listens to what is no editor.
      this.follow(false);
      this.chooser.addEventListener("change", () => this.follow(true));
      this.label?.addEventListener("click", (event) => {
        if (this.isShown) event.preventDefault(), this.view.focus();
      });
      textarea.addEventListener("form-reveal", () => { if (this.isShown) this.view.focus(); });
    }

    // What chooses the format. Rows can move, and their names with them.
    get chooser() {
      return this.textarea.form.elements.namedItem(this.textarea.dataset.formRich);
    }

    get isShown() {
      return !!this.view && !this.isSource;
    }

    get name() {
      const name = this.label?.firstChild?.textContent.trim();
      return name || "the text";
    }

    // Takes the format that is chosen, or none where the text is of another kind.
    follow(changed) {
      const takes = !this.textarea.disabled && this.textarea.dataset.formPlain === undefined;
      const schema = takes ? this.schemas.get(this.chooser.value) || null : null;
      if (schema === this.schema) return;
      const before = this.schema;
      if (this.view) this.close();
      this.schema = schema;
      if (changed && !before && schema) this.convert();
      else if (changed && before && !schema) this.convertBack(before);
      if (schema) this.open();
    }

    // What was no HTML is made HTML that says the same, and is itself again if nobody has changed it since.
    convert() {
      this.typed = this.textarea.value;
      this.made = editor.fromPlain(this.typed);
      this.put(this.made);
    }

    convertBack(schema) {
      const { textarea } = this;
      if (this.typed !== undefined && textarea.value === this.made) this.put(this.typed);
      else if (textarea.dataset.formPlain !== undefined) this.put(editor.toPlain(editor.read(textarea.value, schema).doc));
      this.typed = undefined;
    }

    put(text) {
      this.textarea.value = text;
      this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }

    open() {
      const { textarea } = this;
      const had = document.activeElement === textarea;
      this.box = make("div", { class: "rich" });
      this.place = make("div", { class: "rich__place" });
      this.note = make("div", { class: "rich__note", role: "status" });
      this.read = textarea.value;
      const { doc, lost } = editor.read(this.read, this.schema);
      this.view = new pm.EditorView(this.place, {
        state: this.state(doc),
        attributes: () => this.attributes(),
        dispatchTransaction: (tr) => this.apply(tr),
        transformPastedHTML: (html) => editor.cleanPasted(html, this.schema.cached.rules),
        handleDOMEvents: { keydown: (_, event) => this.keydown(event) },
      });
      this.tools = editor.toolbar({ id: textarea.id, label: this.name, view: () => this.view, toggleSource: () => this.isSource ? this.leaveSource() : this.enterSource(true) });
      this.box.append(this.tools.bar, this.note, this.place);
      textarea.before(this.box);
      this.demand(false);
      if (lost.length) this.enterSource(false), this.warn(lost);
      else this.show(false);
      if (had && this.isShown) this.view.focus();
    }

    close() {
      this.write();
      this.show(true);
      this.textarea.classList.remove("rich__source");
      this.demand(true);
      this.view.destroy();
      this.box.remove();
      this.view = null;
    }

    // What browsers demand of a field that nobody can see would keep the form from being sent.
    demand(on) {
      for (const [name, value] of this.demands) {
        if (on && value !== null) this.textarea.setAttribute(name, value);
        else this.textarea.removeAttribute(name);
      }
    }

    state(doc) {
      const { schema } = this;
      const commands = editor.commands(schema);
      return pm.EditorState.create({
        doc,
        plugins: [
          editor.inputs(schema),
          pm.keymap(editor.keys(schema, commands)),
          pm.keymap(pm.baseKeymap),
          pm.history(),
          pm.dropCursor({ color: false, class: "rich__drop" }),
          pm.gapCursor(),
        ],
      });
    }

    attributes() {
      const { textarea, label } = this;
      if (label && !label.id) label.id = `${textarea.id}-label`;
      const said = { role: "textbox", "aria-multiline": "true", class: "rich__text" };
      if (label) said["aria-labelledby"] = label.id;
      for (const name of ["aria-describedby", "aria-invalid"]) if (textarea.hasAttribute(name)) said[name] = textarea.getAttribute(name);
      if (this.demands[0][1] !== null) said["aria-required"] = "true";
      return said;
    }

    keydown(event) {
      // Alt+F10 leads to the toolbar, as it does in other editors.
      if (event.key === "F10" && event.altKey) return event.preventDefault(), this.tools.focus(), true;
      // The page has a meaning for this key as well.
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && this.tools.commands.link) event.stopPropagation();
      return false;
    }

    apply(tr) {
      this.view.updateState(this.view.state.apply(tr));
      if (tr.docChanged) {
        this.changed = true;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.write(), WAIT);
      }
      this.tools?.show(this.isSource);
    }

    // Puts what was written into the field of the form; what nobody has changed stays as it was, to the letter.
    write(tells = true) {
      clearTimeout(this.timer);
      if (!this.changed || !this.view) return;
      this.changed = false;
      const html = editor.write(this.view.state.doc);
      if (tells) this.put(html);
      else this.textarea.value = html;
      this.read = this.textarea.value;
    }

    // Takes up what a browser has put into the field of the form by itself, when it goes back to a page.
    follows() {
      const { value } = this.textarea;
      if (!this.isShown || this.changed || value === this.read) return;
      this.read = value;
      this.view.updateState(this.state(editor.read(value, this.schema).doc));
    }

    show(isSource) {
      this.isSource = isSource;
      this.textarea.hidden = !isSource;
      this.place.hidden = isSource;
      this.textarea.classList.toggle("rich__source", isSource);
      this.box.classList.toggle("rich--source", isSource);
      this.tools.show(isSource);
    }

    enterSource(moves) {
      this.write();
      this.source = this.textarea.value;
      this.note.replaceChildren();
      this.show(true);
      if (moves) this.textarea.focus();
    }

    leaveSource(whatever = false) {
      const { doc, lost } = editor.read(this.textarea.value, this.schema);
      if (lost.length && !whatever) return this.warn(lost);
      this.note.replaceChildren();
      this.read = this.textarea.value;
      if (this.textarea.value !== this.source || lost.length) this.view.updateState(this.state(doc));
      this.show(false);
      this.view.focus();
    }

    warn(lost) {
      const names = lost.slice(0, 8).map((name) => name === "text" ? "some text" : `<${name}>`).join(", ");
      const anyway = make("button", { class: "button button--quiet button--small", type: "button" }, "Edit without them");
      anyway.addEventListener("click", () => this.leaveSource(true));
      const said = `This text has parts that the editor can’t show or the format does not keep: ${names}. You can change its source here.`;
      this.note.replaceChildren(make("p", {}, said), anyway);
    }

    // Whether it is gone for good.
    get isGone() {
      return !this.textarea.isConnected && this.textarea.dataset.formGone === undefined;
    }

    end() {
      clearTimeout(this.timer);
      this.view?.destroy();
      this.view = null;
    }
  }

  const all = new Set();
  editor.field = (textarea) => fields.get(textarea);

  editor.enhance = (root) => {
    for (const field of [...all].filter((field) => field.isGone)) {
      field.end();
      all.delete(field);
    }
    for (const textarea of root.querySelectorAll("textarea[data-form-rich]")) {
      const chooser = textarea.form?.elements.namedItem(textarea.dataset.formRich);
      if (!chooser || fields.has(textarea)) continue;
      try {
        const field = new Field(textarea);
        fields.set(textarea, field);
        all.add(field);
      } catch (error) {
        // It is written as it is, and the others are none the worse for it.
        reportError(error);
      }
    }
  };

  window.addEventListener("pageshow", () => all.forEach((field) => field.follows()));

  // Whatever reads the form, reads what is written.
  document.addEventListener("formdata", (event) => {
    for (const field of all) {
      const { textarea } = field;
      if (textarea.form !== event.target || !textarea.name || textarea.disabled || !field.changed) continue;
      field.write(false);
      event.formData.set(textarea.name, textarea.value);
    }
  });
})();

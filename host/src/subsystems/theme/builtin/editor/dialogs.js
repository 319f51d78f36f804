// The small windows of the editor, in which an address is asked for.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  let count = 0;

  // Asks for some lines of text: `fields` are [name, label, value, hint]. The answer is what was typed, "remove" or null.
  editor.ask = ({ title, fields, check, removes }) => new Promise((resolve) => {
    const id = `rich-dialog-${++count}`;
    const error = make("p", { class: "form-item__error", role: "alert", id: `${id}-error` });
    error.hidden = true;
    const inputs = fields.map(([name, label, value, hint]) => {
      const input = make("input", { type: "text", id: `${id}-${name}`, name, autocomplete: "off" });
      input.value = value;
      const item = make("div", { class: "form-item" }, make("label", { for: input.id }, label), input);
      if (hint) {
        item.append(make("p", { class: "form-item__help", id: `${input.id}-help` }, hint));
        input.setAttribute("aria-describedby", `${input.id}-help`);
      }
      return { name, input, item };
    });
    const button = (label, value, kind) => make("button", { class: `button${kind}`, type: "submit", value, formnovalidate: "" }, label);
    const actions = make("div", { class: "form-actions" }, button("Apply", "apply", ""));
    if (removes) actions.append(button(removes, "remove", " button--quiet"));
    actions.append(button("Cancel", "cancel", " button--quiet"));
    const form = make("form", { method: "dialog" }, make("h2", { class: "rich-dialog__title", id }, title), ...inputs.map(({ item }) => item), error, actions);
    const dialog = make("dialog", { class: "rich-dialog", "aria-labelledby": id }, form);

    let answer = null;
    form.addEventListener("submit", (event) => {
      event.stopPropagation();
      const pressed = event.submitter?.value || "apply";
      if (pressed === "remove") answer = "remove";
      if (pressed !== "apply") return;
      const typed = Object.fromEntries(inputs.map(({ name, input }) => [name, input.value.trim()]));
      const wrong = check(typed);
      if (!wrong) return void (answer = typed);
      event.preventDefault();
      error.textContent = wrong;
      error.hidden = false;
      inputs[0].input.setAttribute("aria-invalid", "true");
      inputs[0].input.setAttribute("aria-errormessage", error.id);
      inputs[0].input.focus();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    inputs[0].input.select();
  });

  editor.make = make;
})();

// The buttons above a text, after the pattern of the ARIA Authoring Practices (toolbar): one stop for the Tab key,
// arrows within.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const { make } = editor;
  const { setBlockType } = window.trovatoProseMirror;

  const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);
  const key = (keys) => isApple ? keys.replace("Ctrl", "⌘").replace("Shift", "⇧").replaceAll("+", "") : keys;

  // Name, label, key, and the strokes of its picture in a square of 24.
  const GROUPS = [
    [
      ["bold", "Bold", "Ctrl+B", "M8 5h5a3.4 3.4 0 0 1 0 7H8zm0 7h6a3.5 3.5 0 0 1 0 7H8z"],
      ["italic", "Italic", "Ctrl+I", "M10 5h8M6 19h8M14 5l-4 14"],
      ["code", "Code", "Ctrl+E", "m8 8-4 4 4 4m8-8 4 4-4 4"],
      ["link", "Link", "Ctrl+K", "m9.5 14.5 5-5M11 7l1.8-1.8a4.2 4.2 0 0 1 6 6L17 13m-4 4-1.8 1.8a4.2 4.2 0 0 1-6-6L7 11"],
    ],
    [
      ["bullets", "Bulleted list", "Ctrl+Shift+8", "M10 6h10M10 12h10M10 18h10M4.5 6h.01M4.5 12h.01M4.5 18h.01"],
      ["numbers", "Numbered list", "Ctrl+Shift+7", "M11 6h9M11 12h9M11 18h9M4 4.5 5.5 4v5M4 15.5c.3-1.8 3-1.5 2.6.2L4 19.5h3"],
      ["quote", "Quotation", "Ctrl+Shift+9", "M5 5v14M10 7h10M10 12h10M10 17h6"],
      ["image", "Image", "", "M4 5h16v14H4zm0 11 4.5-4.5 4 4L15 13l5 4M15.5 9h.01"],
      ["divider", "Divider", "", "M4 12h16M8 6h8M8 18h8"],
    ],
    [
      ["undo", "Undo", "Ctrl+Z", "M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3"],
      ["redo", "Redo", "Ctrl+Y", "m16 5 4 4-4 4m4-4H10a5 5 0 0 0 0 10h3"],
    ],
  ];

  const picture = (strokes) => {
    const of = (name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return element;
    };
    const svg = of("svg", { viewBox: "0 0 24 24", width: "20", height: "20", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" });
    svg.append(of("path", { d: strokes }));
    return svg;
  };

  // Arrows move between the parts of a toolbar; one of them can be reached by Tab.
  const rove = (bar) => {
    const stops = () => [...bar.querySelectorAll("button, select")].filter((stop) => !stop.closest("[hidden]"));
    const only = (stop) => stops().forEach((one) => { one.tabIndex = one === stop ? 0 : -1; });
    bar.addEventListener("focusin", (event) => only(event.target));
    bar.addEventListener("keydown", (event) => {
      const here = stops().indexOf(event.target);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const to = step ? here + step : { Home: 0, End: stops().length - 1 }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      stops().at(to % stops().length).focus();
    });
    return () => only(stops().find((stop) => stop.tabIndex === 0) || stops()[0]);
  };

  // The toolbar of a field; the answer has its element, and what shows how things are at the cursor.
  editor.toolbar = ({ id, label, view, toggleSource }) => {
    const { schema } = view().state;
    const commands = editor.commands(schema);
    const bar = make("div", { class: "rich__bar", role: "toolbar", "aria-label": `Formatting of ${label}` });

    const kinds = make("select", { class: "rich__kinds", id: `${id}-kinds`, "aria-label": "Kind of paragraph" });
    const paragraphs = editor.paragraphs(schema);
    for (const [value, said] of paragraphs) kinds.append(make("option", { value }, said));
    kinds.addEventListener("change", () => {
      const [, , type, attributes] = paragraphs.find(([value]) => value === kinds.value);
      setBlockType(type, attributes)(view().state, view().dispatch);
      view().focus();
    });
    if (paragraphs.length > 1) bar.append(make("div", { class: "rich__group" }, kinds));

    const buttons = new Map();
    for (const group of GROUPS) {
      const part = make("div", { class: "rich__group" });
      for (const [name, said, keys, strokes] of group) {
        const command = commands[name];
        if (!command) continue;
        const title = keys ? `${said} (${key(keys)})` : said;
        const button = make("button", { class: "rich__button", type: "button", "aria-label": said, title }, picture(strokes));
        button.addEventListener("click", () => {
          if (button.getAttribute("aria-disabled") === "true") return;
          if (command.open) return void command.open(view());
          command.run(view().state, view().dispatch, view());
          view().focus();
        });
        // The selection stays where it is.
        button.addEventListener("mousedown", (event) => event.preventDefault());
        buttons.set(name, button);
        part.append(button);
      }
      if (part.children.length) bar.append(part);
    }

    const source = make("button", { class: "rich__button rich__button--text", type: "button", "aria-pressed": "false" }, "Edit source");
    source.addEventListener("click", () => toggleSource());
    bar.append(make("div", { class: "rich__group rich__group--last" }, source));
    const settle = rove(bar);
    settle();

    const show = (isSource) => {
      for (const part of bar.children) part.hidden = isSource && !part.contains(source);
      source.setAttribute("aria-pressed", String(isSource));
      settle();
      if (isSource) return;
      const { state } = view();
      kinds.value = editor.paragraphAt(state);
      for (const [name, button] of buttons) {
        const { on, can, run } = commands[name];
        if (on) button.setAttribute("aria-pressed", String(on(state)));
        const able = can ? can(state) : !run || on?.(state) || run(state);
        if (able) button.removeAttribute("aria-disabled");
        else button.setAttribute("aria-disabled", "true");
      }
    };
    return { bar, show, commands, focus: () => bar.querySelector("[tabindex='0']")?.focus() };
  };
})();

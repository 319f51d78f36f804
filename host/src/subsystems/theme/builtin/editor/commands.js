// What can be done to a text, by buttons, keys and the beginnings of lines.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const pm = window.trovatoProseMirror;

  const isIn = (state, type, attributes = {}) => {
    const { $from, to, node } = state.selection;
    const is = (node) => node.type === type && Object.entries(attributes).every(([name, value]) => node.attrs[name] === value);
    if (node && is(node)) return true;
    for (let depth = $from.depth; depth > 0; depth--) if (to <= $from.end(depth) && is($from.node(depth))) return true;
    return false;
  };
  const hasMark = (state, type) => {
    const { from, $from, to, empty } = state.selection;
    return empty ? !!type.isInSet(state.storedMarks || $from.marks()) : state.doc.rangeHasMark(from, to, type);
  };

  // In it already: out of it.
  const toggleWrap = (type) => (state, dispatch) => isIn(state, type) ? pm.lift(state, dispatch) : pm.wrapIn(type)(state, dispatch);
  const toggleList = (type) => (state, dispatch, view) => {
    const { list_item: item, bullet_list: bullets, ordered_list: numbers } = state.schema.nodes;
    if (isIn(state, type)) return pm.liftListItem(item)(state, dispatch, view);
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth--) {
      const list = $from.node(depth);
      if (list.type !== bullets && list.type !== numbers) continue;
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), type));
      return true;
    }
    return pm.wrapInList(type)(state, dispatch, view);
  };
  const insert = (node) => (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(node).scrollIntoView());
    return true;
  };

  // The extent of the link at the cursor.
  const linkAround = (state) => {
    const type = state.schema.marks.link;
    const { $from, from, to, empty } = state.selection;
    const mark = empty ? type.isInSet($from.marks()) || type.isInSet($from.nodeAfter?.marks || []) : null;
    if (!mark) return { from, to, mark: null };
    let [start, end] = [$from.parentOffset, $from.parentOffset];
    $from.parent.forEach((node, offset) => {
      if (!mark.isInSet(node.marks)) return;
      if (offset <= $from.parentOffset && offset + node.nodeSize >= $from.parentOffset) [start, end] = [offset, offset + node.nodeSize];
    });
    return { from: $from.start() + start, to: $from.start() + end, mark };
  };

  const setLink = async (view) => {
    const { schema } = view.state;
    const { rules } = schema.cached;
    const type = schema.marks.link;
    const { from, to, mark } = linkAround(view.state);
    let known = mark;
    view.state.doc.nodesBetween(from, to, (node) => { known ||= type.isInSet(node.marks); });
    const fields = [["href", "Address", known?.attrs.attrs.href || "", "A path of this site such as /about, or a whole address."]];
    if (from === to) fields.push(["text", "Text", "", "What readers see of the link."]);
    const check = ({ href }) => !href ? "An address is required." : rules.mayLink(href) ? "" : "This format does not keep links to such an address.";
    const answer = await editor.ask({ title: "Link", fields, check, removes: known && "Remove the link" });
    view.focus();
    if (!answer) return;
    const tr = view.state.tr;
    if (answer === "remove") return view.dispatch(tr.removeMark(from, to, type));
    const made = type.create({ tag: "a", attrs: { ...known?.attrs.attrs, href: answer.href } });
    if (from === to) tr.insert(from, schema.text(answer.text || answer.href, [made]));
    else tr.removeMark(from, to, type).addMark(from, to, made);
    view.dispatch(tr.removeStoredMark(type).scrollIntoView());
  };

  const setImage = async (view) => {
    const { schema, selection } = view.state;
    const { rules } = schema.cached;
    const type = schema.nodes.image;
    const known = selection.node?.type === type ? selection.node.attrs.attrs : {};
    const answer = await editor.ask({
      title: "Image",
      fields: [
        ["src", "Address of the image", known.src || "", "A path of this site, or an address that begins with https://."],
        ["alt", "What it shows", known.alt || "", "For those who don't see it. Empty where it only decorates."],
      ],
      check: ({ src }) => !src ? "An address is required." : rules.mayLoad(src) ? "" : "This format does not keep images from such an address.",
    });
    view.focus();
    if (answer) insert(type.create({ attrs: { ...known, src: answer.src, alt: answer.alt } }))(view.state, view.dispatch);
  };

  // What the schema has, by name: [command, whether it is on].
  editor.commands = ({ nodes, marks }) => {
    const all = {};
    const onMark = (name, type) => { if (type) all[name] = { run: pm.toggleMark(type), on: (state) => hasMark(state, type) }; };
    onMark("bold", marks.strong);
    onMark("italic", marks.em);
    onMark("code", marks.code);
    if (marks.link) all.link = { open: setLink, on: (state) => hasMark(state, marks.link) };
    if (nodes.bullet_list) all.bullets = { run: toggleList(nodes.bullet_list), on: (state) => isIn(state, nodes.bullet_list) };
    if (nodes.ordered_list) all.numbers = { run: toggleList(nodes.ordered_list), on: (state) => isIn(state, nodes.ordered_list) };
    if (nodes.blockquote) all.quote = { run: toggleWrap(nodes.blockquote), on: (state) => isIn(state, nodes.blockquote) };
    if (nodes.image) all.image = { open: setImage };
    if (nodes.divider) all.divider = { run: (state, dispatch) => insert(nodes.divider.create())(state, dispatch) };
    all.undo = { run: pm.undo, can: (state) => pm.undoDepth(state) > 0 };
    all.redo = { run: pm.redo, can: (state) => pm.redoDepth(state) > 0 };
    return all;
  };

  // The kinds that a paragraph can be: [value, label, type, attributes].
  editor.paragraphs = ({ nodes, cached }) => {
    const levels = nodes.heading ? [1, 2, 3, 4, 5, 6].filter((level) => cached.rules.keeps("h" + level)) : [];
    return [
      ["p", "Paragraph", nodes.paragraph, {}],
      ...levels.map((level) => ["h" + level, "Heading " + level, nodes.heading, { level }]),
      ...(nodes.code_block ? [["pre", "Code block", nodes.code_block, {}]] : []),
    ];
  };
  editor.paragraphAt = (state) => editor.paragraphs(state.schema).find(([, , type, attributes]) => isIn(state, type, attributes))?.[0] || "";

  editor.keys = (schema, commands) => {
    const { nodes } = schema;
    const keys = { "Mod-z": pm.undo, "Shift-Mod-z": pm.redo, "Mod-y": pm.redo, Backspace: pm.undoInputRule };
    const add = (key, name) => {
      const { run, open } = commands[name] || {};
      if (run || open) keys[key] = open ? (state, dispatch, view) => (open(view), true) : run;
    };
    for (const [key, name] of Object.entries({ "Mod-b": "bold", "Mod-i": "italic", "Mod-e": "code", "Mod-k": "link", "Shift-Mod-8": "bullets", "Shift-Mod-7": "numbers", "Shift-Mod-9": "quote" })) add(key, name);
    for (const [value, , type, attributes] of editor.paragraphs(schema)) {
      keys[`Mod-Alt-${value === "p" ? 0 : value === "pre" ? 9 : value[1]}`] = pm.setBlockType(type, attributes);
    }
    if (nodes.hard_break) {
      const breakLine = pm.chainCommands(pm.exitCode, insert(nodes.hard_break.create()));
      Object.assign(keys, { "Shift-Enter": breakLine, "Mod-Enter": breakLine });
    }
    if (nodes.list_item) {
      // Tab leads out of the editor, as it leads out of every field.
      Object.assign(keys, { Enter: pm.splitListItem(nodes.list_item), "Mod-]": pm.sinkListItem(nodes.list_item), "Mod-[": pm.liftListItem(nodes.list_item) });
    }
    return keys;
  };

  // Beginnings of lines that make something of them, as they do in Markdown.
  editor.inputs = (schema) => {
    const { nodes } = schema;
    const rules = [];
    if (nodes.blockquote) rules.push(pm.wrappingInputRule(/^\s*>\s$/, nodes.blockquote));
    if (nodes.bullet_list) rules.push(pm.wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list));
    if (nodes.ordered_list) rules.push(pm.wrappingInputRule(/^1\.\s$/, nodes.ordered_list));
    if (nodes.code_block) rules.push(pm.textblockTypeInputRule(/^```$/, nodes.code_block));
    for (const [value, , type, attributes] of editor.paragraphs(schema)) {
      if (type === nodes.heading) rules.push(pm.textblockTypeInputRule(new RegExp(`^#{${value[1]}}\\s$`), type, attributes));
    }
    return pm.inputRules({ rules });
  };
})();

// What a text of a format can be made of: the paragraphs, lists and marks that the format keeps. What can't be edited
// piece by piece (tables, figures) is an island: it stays as it is and can be moved and removed.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const { Schema } = window.trovatoProseMirror;

  // Elements that hold paragraphs and mean nothing more to the editor.
  const BOXES = ["div", "section", "article", "aside", "header", "footer", "nav", "center"];
  const ISLANDS = ["table", "figure", "details", "dl", "address", "hgroup"];
  const INLINE_ISLANDS = ["audio", "video", "picture", "ruby", "meter", "progress", "wbr", "input"];
  // Elements within a line, besides links, emphasis and code.
  const MARKS = ["abbr", "cite", "q", "dfn", "time", "data", "span", "bdi", "bdo", "small", "mark", "ins", "del", "s", "u", "sub", "sup", "kbd", "samp", "var", "tt"];
  const COMMENT = "trovato-comment";

  const attrs = { attrs: { default: {} } };
  const hidden = (text) => ["span", { class: "rich__name", "aria-hidden": "true" }, text];

  const textNodes = (rules, take) => {
    const show = (node) => rules.shown(node.attrs.attrs);
    const nodes = {
      paragraph: { content: "inline*", group: "block", attrs, parseDOM: take("p"), toDOM: (node) => ["p", show(node), 0] },
    };
    const levels = [1, 2, 3, 4, 5, 6].filter((level) => rules.keeps("h" + level));
    if (levels.length) nodes.heading = {
      content: "inline*", group: "block", defining: true, attrs: { ...attrs, level: { default: levels[0] } },
      parseDOM: levels.map((level) => ({ tag: "h" + level, getAttrs: (dom) => ({ level, attrs: rules.attributes(dom) }) })),
      toDOM: (node) => ["h" + node.attrs.level, show(node), 0],
    };
    if (rules.keeps("pre")) nodes.code_block = {
      content: "text*", marks: "", group: "block", code: true, defining: true, attrs: { ...attrs, inner: { default: rules.keeps("code") ? {} : null } },
      parseDOM: [{
        tag: "pre", preserveWhitespace: "full",
        getAttrs: (dom) => {
          const code = dom.children.length === 1 && dom.firstElementChild.matches("code") && rules.keeps("code") && dom.firstElementChild;
          return { attrs: rules.attributes(dom), inner: code ? rules.attributes(code) : null };
        },
      }],
      toDOM: () => ["pre", { spellcheck: "false" }, ["code", 0]],
    };
    return nodes;
  };

  const holders = (rules, take) => {
    const nodes = {};
    const show = (node) => rules.shown(node.attrs.attrs);
    if (rules.keeps("blockquote")) nodes.blockquote = {
      content: "block+", group: "block", defining: true, attrs, parseDOM: take("blockquote"), toDOM: (node) => ["blockquote", show(node), 0],
    };
    for (const [name, tag] of [["bullet_list", "ul"], ["ordered_list", "ol"]]) {
      if (rules.keeps(tag) && rules.keeps("li")) nodes[name] = {
        content: "list_item+", group: "block", attrs, parseDOM: take(tag), toDOM: (node) => [tag, show(node), 0],
      };
    }
    if (nodes.bullet_list || nodes.ordered_list) nodes.list_item = {
      content: "block+", defining: true, attrs, parseDOM: take("li"), toDOM: (node) => ["li", show(node), 0],
    };
    const boxes = BOXES.filter((tag) => rules.keeps(tag));
    if (boxes.length) nodes.box = {
      content: "block+", group: "block", defining: true, attrs: { ...attrs, tag: { default: boxes[0] } },
      parseDOM: boxes.map((tag) => ({ tag, getAttrs: (dom) => ({ tag, attrs: rules.attributes(dom) }) })),
      toDOM: (node) => ["div", { class: "rich__box", "data-tag": node.attrs.tag }, 0],
    };
    return nodes;
  };

  // An island shows what readers will see of it; it keeps the markup as it was written.
  const island = (rules, tags, inline) => ({
    group: inline ? "inline" : "block", inline, atom: true, draggable: true, attrs: { html: {}, tag: {} },
    parseDOM: [
      { tag: `[data-rich-island=${inline ? "line" : "block"}]`, priority: 80, getAttrs: (dom) => ({ html: dom.dataset.html || "", tag: dom.dataset.tag || "" }) },
      ...tags.map((tag) => ({ tag, priority: 60, getAttrs: (dom) => ({ html: editor.source(dom), tag }) })),
    ],
    toDOM: (node) => {
      const { html, tag } = node.attrs;
      const shown = document.createElement(inline ? "span" : "div");
      shown.className = inline ? "rich__island rich__island--line" : "rich__island";
      Object.assign(shown.dataset, { richIsland: inline ? "line" : "block", html, tag });
      rules.copy(editor.parse(html), shown);
      for (const field of shown.querySelectorAll("a, audio, video, summary, input, [tabindex]")) field.tabIndex = -1;
      if (!inline) shown.prepend(Object.assign(document.createElement("span"), { className: "rich__name", textContent: tag }));
      return shown;
    },
  });

  const atoms = (rules, take) => {
    const nodes = {};
    if (rules.keeps("hr")) nodes.divider = { group: "block", attrs, parseDOM: take("hr"), toDOM: () => ["hr"] };
    if (rules.keeps("br")) nodes.hard_break = { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] };
    if (rules.keeps("img")) nodes.image = {
      group: "inline", inline: true, draggable: true, attrs, parseDOM: take("img"), toDOM: (node) => ["img", { alt: "", ...rules.shown(node.attrs.attrs) }],
    };
    const blocks = ISLANDS.filter((tag) => rules.keeps(tag));
    if (blocks.length) nodes.island = island(rules, blocks, false);
    const inline = INLINE_ISLANDS.filter((tag) => rules.keeps(tag));
    if (inline.length) nodes.line_island = island(rules, inline, true);
    for (const [name, inline] of [["comment", false], ["line_comment", true]]) nodes[name] = {
      group: inline ? "inline" : "block", inline, atom: true, attrs: { text: {} },
      parseDOM: [{ tag: `${COMMENT}[data-place=${inline ? "line" : "block"}]`, getAttrs: (dom) => ({ text: dom.dataset.text || "" }) }],
      toDOM: (node) => [COMMENT, { "data-place": inline ? "line" : "block", "data-text": node.attrs.text, class: "rich__comment" }, hidden(node.attrs.text.trim())],
    };
    return nodes;
  };

  const marks = (rules) => {
    const made = {};
    const add = (name, tags, more = {}) => {
      const kept = tags.filter((tag) => rules.keeps(tag));
      if (!kept.length) return;
      made[name] = {
        attrs: { ...attrs, tag: { default: kept[0] } },
        parseDOM: kept.map((tag) => ({
          tag,
          getAttrs: (dom) => {
            const found = rules.attributes(dom);
            const means = tag === "span" || tag === "a" ? Object.keys(found).length > 0 : true;
            return means && { tag, attrs: found };
          },
        })),
        toDOM: (mark) => [mark.attrs.tag, rules.shown(mark.attrs.attrs), 0],
        ...more,
      };
    };
    add("link", ["a"], { inclusive: false });
    for (const tag of MARKS) add(tag, [tag]);
    add("em", ["em", "i"]);
    add("strong", ["strong", "b"]);
    add("code", ["code"], { code: true });
    return made;
  };

  // The schema of a format; none for one that has no paragraphs.
  editor.schema = (rules) => {
    if (!rules.keeps("p")) return null;
    const take = (tag) => [{ tag, getAttrs: (dom) => ({ attrs: rules.attributes(dom) }) }];
    const nodes = {
      doc: { content: "block+" },
      ...textNodes(rules, take),
      ...holders(rules, take),
      ...atoms(rules, take),
      text: { group: "inline" },
    };
    nodes.doc.parseDOM = [{ tag: editor.GONE, ignore: true }];
    const schema = new Schema({ nodes, marks: marks(rules) });
    schema.cached.rules = rules;
    return schema;
  };

  Object.assign(editor, { BOXES, ISLANDS, INLINE_ISLANDS, COMMENT });
})();

// From HTML to what the editor shows, and back. What is written back is HTML that people can read and that stays the
// same from one time to the next.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});
  const { inert } = editor;
  const { DOMParser: Reader, DOMSerializer } = window.trovatoProseMirror;

  // Elements that stand beside paragraphs, as the site's filter of line ends has them.
  const BLOCKS = "address, article, aside, blockquote, center, details, div, dl, figure, footer, h1, h2, h3, h4, h5, h6, header, hgroup, hr, main, nav, ol, p, pre, section, table, ul";
  // Elements that the editor adds and leaves out as it needs them.
  const UNCOUNTED = ["p", "br", "tbody", editor.COMMENT];

  const isBlock = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(BLOCKS) || node.dataset.place === "block");

  // Comments mean something, such as where a summary ends: they are kept.
  const keepComments = (node) => {
    for (const child of [...node.childNodes]) {
      if (child.nodeType === Node.COMMENT_NODE) {
        const alone = node.matches("body, blockquote, li, " + editor.BOXES.join(", "));
        const place = inert.createElement(editor.COMMENT);
        Object.assign(place.dataset, { text: child.data, place: alone ? "block" : "line" });
        child.replaceWith(place);
      } else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(editor.ISLANDS.concat(editor.INLINE_ISLANDS).join(", "))) {
        keepComments(child);
      }
    }
  };

  // Paragraphs between blank lines, and breaks at the ends of lines; what stands in other elements stays as it is.
  const breakLines = (body) => {
    let paragraph = null;
    const close = () => {
      while (paragraph?.lastChild?.localName === "br") paragraph.lastChild.remove();
      if (paragraph && !paragraph.childNodes.length) paragraph.remove();
      paragraph = null;
    };
    const into = (place) => {
      if (!paragraph) place.before(paragraph = inert.createElement("p"));
      return paragraph;
    };
    const addLines = (part, place) => part.split(/\r?\n/).forEach((line, number) => {
      if (number > 0) paragraph?.append(inert.createElement("br"));
      if (line.trim() || (line && paragraph)) into(place).append(line);
    });
    for (const node of [...body.childNodes]) {
      if (isBlock(node)) close();
      else if (node.nodeType !== Node.TEXT_NODE) into(node).append(node);
      else {
        node.data.split(/\r?\n[ \t]*\r?\n\s*/).forEach((part, number) => {
          if (number > 0) close();
          addLines(part, node);
        });
        node.remove();
      }
    }
    close();
  };

  const bodyOf = (html, rules) => {
    const body = editor.parse(html);
    keepComments(body);
    if (rules.breaks) breakLines(body);
    return body;
  };

  // How often each element and attribute is there that the format keeps, and each element that it does not keep.
  const count = (body, rules) => {
    const counts = new Map();
    const add = (name) => counts.set(name, (counts.get(name) || 0) + 1);
    for (const element of body.querySelectorAll("*")) {
      const name = element.localName;
      const attributes = Object.entries(rules.attributes(element));
      if (!UNCOUNTED.includes(name) && (name !== "span" || attributes.length)) add(name);
      for (const [attribute, value] of attributes) add(`${name} ${attribute}=${value}`);
    }
    return counts;
  };
  const words = (body) => body.textContent.replace(/\s+/g, "");

  // What of an HTML text would be lost if the editor wrote it back: the names of elements.
  const lost = (before, after, rules) => {
    const had = count(before, rules);
    const has = count(after, rules);
    const names = [...had].filter(([name, number]) => number > (has.get(name) || 0)).map(([name]) => name.split(" ")[0]);
    if (!names.length && words(before) !== words(after)) names.push("text");
    return [...new Set(names)].map((name) => name.replace(/^rich-/, ""));
  };

  // A text as the editor has it, and what of it would be lost.
  editor.read = (html, schema) => {
    const { rules } = schema.cached;
    const doc = Reader.fromSchema(schema).parse(bodyOf(html, rules));
    return { doc, lost: lost(bodyOf(html, rules), bodyOf(editor.write(doc), rules), rules) };
  };

  const text = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\u00a0/g, "&nbsp;");
  const open = (tag, attributes) => {
    const written = Object.entries(attributes).map(([name, value]) => value === "" && name !== "alt" ? ` ${name}` : ` ${name}="${text(value).replace(/"/g, "&quot;")}"`);
    return `<${tag}${written.join("")}>`;
  };

  const holder = (markup) => {
    const made = inert.createElement("span");
    made.append(...editor.parse(markup).childNodes);
    return made.firstElementChild || made;
  };
  const LEAVES = {
    hard_break: () => ["br"],
    image: (node) => ["img", node.attrs.attrs],
    line_island: (node) => holder(node.attrs.html),
    line_comment: (node) => [editor.COMMENT, { "data-text": node.attrs.text }],
    text: (node) => node.text,
  };

  const inline = (node) => {
    const { marks } = node.type.schema;
    const written = Object.fromEntries(Object.keys(marks).map((name) => [name, (mark) => [mark.attrs.tag, mark.attrs.attrs, 0]]));
    const made = inert.createElement("div");
    made.append(new DOMSerializer(LEAVES, written).serializeFragment(node.content, { document: inert }));
    for (const place of made.querySelectorAll(editor.COMMENT)) place.replaceWith(inert.createComment(place.dataset.text));
    return editor.source(made).slice("<div>".length, -"</div>".length);
  };

  const HEADS = { paragraph: "p", blockquote: "blockquote", bullet_list: "ul", ordered_list: "ol", list_item: "li" };
  const around = (tag, attributes, content) => `${open(tag, attributes)}${content}</${tag}>`;

  // An entry of one line, or of one with a list below it, has no paragraph around the line.
  const isTight = (item) => {
    const [first, ...others] = item.content.content;
    return first.type.name === "paragraph" && !Object.keys(first.attrs.attrs).length && others.every((node) => /_list$/.test(node.type.name));
  };

  const entry = (node) => {
    if (!isTight(node)) return around("li", node.attrs.attrs, `\n${blocks(node)}\n`);
    const [first, ...others] = node.content.content;
    const below = others.length ? `\n${others.map(block).join("\n")}\n` : "";
    return around("li", node.attrs.attrs, inline(first) + below);
  };

  const code = (node) => {
    const written = text(node.textContent);
    const inner = node.attrs.inner ? around("code", node.attrs.inner, written) : written;
    // The first line end after the tag does not count (HTML, 13.2.6.4.7).
    return around("pre", node.attrs.attrs, inner.startsWith("\n") ? "\n" + inner : inner);
  };

  const block = (node) => {
    const name = node.type.name;
    const { attrs } = node.attrs;
    if (name === "heading") return around("h" + node.attrs.level, attrs, inline(node));
    if (name === "paragraph") return around("p", attrs, inline(node));
    if (name === "code_block") return code(node);
    if (name === "list_item") return entry(node);
    if (name === "divider") return open("hr", attrs);
    if (name === "island") return node.attrs.html;
    if (name === "comment") return `<!--${node.attrs.text}-->`;
    return around(name === "box" ? node.attrs.tag : HEADS[name], attrs, `\n${blocks(node)}\n`);
  };
  const blocks = (node) => node.content.content.map(block).join("\n");

  // The HTML of a text. Empty paragraphs are room to write in, and no text.
  editor.write = (doc) => {
    const isEmpty = (node) => node.type.name === "paragraph" && !node.content.size && !Object.keys(node.attrs.attrs).length;
    return doc.content.content.filter((node) => !isEmpty(node)).map(block).join("\n");
  };

  // Plain text as HTML that says the same.
  editor.fromPlain = (plain) => {
    const paragraphs = plain.replace(/\r\n/g, "\n").split(/\n\s*\n/).map((part) => part.replace(/^\n+|\s+$/g, "")).filter(Boolean);
    return paragraphs.map((part) => `<p>${text(part).replace(/\n/g, "<br>\n")}</p>`).join("\n");
  };

  // What a text says, without its markup.
  editor.toPlain = (doc) => doc.textBetween(0, doc.content.size, "\n\n", (leaf) => leaf.type.name === "hard_break" ? "\n" : "");
})();

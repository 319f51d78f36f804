// What comes in from other programs, as plain markup: word processors bring styles, classes and elements of their own.
// What stays is what was meant: headings, lists, emphasis, links.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});

  // The declarations of a style attribute.
  const styleOf = (element) => {
    const style = {};
    for (const part of (element.getAttribute(editor.STYLE) || "").split(";")) {
      const [name, ...value] = part.split(":");
      if (value.length) style[name.trim().toLowerCase()] = value.join(":").trim().toLowerCase();
    }
    return style;
  };

  const unwrap = (element) => element.replaceWith(...element.childNodes);
  const rename = (element, name) => {
    const made = editor.inert.createElement(name);
    for (const { name, value } of element.attributes) made.setAttribute(name, value);
    made.append(...element.childNodes);
    element.replaceWith(made);
    return made;
  };
  const wrap = (element, name) => {
    const made = editor.inert.createElement(name);
    made.append(...element.childNodes);
    element.append(made);
  };

  // The text before an entry of a list of a word processor: a bullet, or a number.
  const marker = (paragraph) => {
    const ignored = [...paragraph.querySelectorAll("span")].find((span) => styleOf(span)["mso-list"] === "ignore");
    const said = ignored?.textContent.trim() || "";
    ignored?.remove();
    return said;
  };

  // Word writes lists as paragraphs with a level each.
  const makeLists = (body) => {
    let open = [];
    for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
      const level = Number(/\blevel(\d)/.exec(styleOf(paragraph)["mso-list"] || "")?.[1]);
      if (!level || /^h\d$/.test(paragraph.localName)) {
        if (level) marker(paragraph);
        open = [];
        continue;
      }
      const follows = open.length && [...paragraph.parentNode.children].indexOf(paragraph) > 0 && open[0].list === paragraph.previousElementSibling;
      if (!follows) open = [];
      const kind = /^(\(?[0-9]+|\(?[a-z]|\(?[ivxlc]+)[.)]/i.test(marker(paragraph)) ? "ol" : "ul";
      while (open.length && open.at(-1).level > level) open.pop();
      if (!open.length || open.at(-1).level < level) {
        const list = editor.inert.createElement(kind);
        if (open.length) open.at(-1).list.lastElementChild.append(list);
        else paragraph.before(list);
        open.push({ level, list });
      }
      const item = editor.inert.createElement("li");
      item.append(...paragraph.childNodes);
      open.at(-1).list.append(item);
      paragraph.remove();
    }
  };

  // What is said by style is said by elements.
  const keepMeaning = (body) => {
    for (const element of body.querySelectorAll("b, strong, i, em")) {
      const style = styleOf(element);
      const undone = element.matches("b, strong") ? /^(normal|400)$/.test(style["font-weight"]) : style["font-style"] === "normal";
      if (undone) unwrap(element);
    }
    for (const span of body.querySelectorAll("span, font")) {
      const style = styleOf(span);
      const inside = (tags) => span.closest(tags);
      if (/^(bold|[6-9]00)$/.test(style["font-weight"]) && !inside("b, strong, h1, h2, h3, h4, h5, h6")) wrap(span, "strong");
      if (style["font-style"] === "italic" && !inside("i, em")) wrap(span, "em");
      if (/line-through/.test(style["text-decoration"] || style["text-decoration-line"])) wrap(span, "s");
      if (/^(super|sub)$/.test(style["vertical-align"])) wrap(span, style["vertical-align"] === "super" ? "sup" : "sub");
    }
    const classes = { MsoTitle: "h1", MsoSubtitle: "h2", MsoQuote: "blockquote", MsoIntenseQuote: "blockquote" };
    for (const [name, tag] of Object.entries(classes)) for (const found of body.querySelectorAll("p." + name)) rename(found, tag);
  };

  const cleanLinks = (body) => {
    for (const link of body.querySelectorAll("a")) {
      const address = link.getAttribute("href") || "";
      // A document of a search engine's leads through it.
      const through = /^https:\/\/www\.google\.com\/url\?(.*)/.exec(address);
      const target = through && new URLSearchParams(through[1]).get("q");
      if (target) link.setAttribute("href", target);
      if (!address || address.startsWith("#_")) unwrap(link);
    }
  };

  const KEPT = { a: ["href", "title"], img: ["src", "alt", "width", "height", "title"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start", "type"], abbr: ["title"], q: ["cite"], time: ["datetime"] };
  const strip = (body) => {
    for (const element of body.querySelectorAll("*")) {
      const kept = KEPT[element.localName] || [];
      for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
    }
  };

  const simplify = (body, rules) => {
    for (const element of [...body.querySelectorAll("span, font, u, div, section, article, center, main, header, footer, label")].reverse()) {
      const inline = element.matches("span, font, u, label");
      const block = !inline && !element.querySelector("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, pre, blockquote");
      if (block) rename(element, "p");
      else unwrap(element);
    }
    for (let level = 1; level < 6; level++) {
      if (!rules.keeps("h" + level)) for (const heading of body.querySelectorAll("h" + level)) rename(heading, "h" + (level + 1));
    }
    for (const image of body.querySelectorAll("img")) if (!rules.mayLoad(image.getAttribute("src") || "file:")) image.remove();
    for (const inner of body.querySelectorAll("strong strong, b b, em em, i i, strong b, b strong, em i, i em")) unwrap(inner);
    for (const part of body.querySelectorAll("p, li, strong, em, b, i, a, s, sup, sub, h1, h2, h3, h4, h5, h6")) {
      if (part.textContent.trim() || part.querySelector("img, br") || part.closest("td, th")) continue;
      if (part.textContent && !part.matches("p, li, h1, h2, h3, h4, h5, h6")) unwrap(part);
      else part.remove();
    }
  };

  editor.cleanPasted = (html, rules) => {
    // What was copied in an editor of this kind is clean.
    const body = editor.parse(html);
    if (body.querySelector("[data-pm-slice]")) return body.innerHTML;
    const comments = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
    const found = [];
    while (comments.nextNode()) found.push(comments.currentNode);
    for (const comment of found) comment.remove();
    for (const gone of body.querySelectorAll(`${editor.GONE}, xml, .Apple-interchange-newline`)) gone.remove();
    for (const odd of [...body.querySelectorAll("*")].filter((element) => element.localName.includes(":"))) odd.textContent.trim() ? unwrap(odd) : odd.remove();
    keepMeaning(body);
    makeLists(body);
    cleanLinks(body);
    strip(body);
    simplify(body, rules);
    return body.innerHTML;
  };
})();

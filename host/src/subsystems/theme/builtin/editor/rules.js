// What a text format keeps, as the site says it in the page. The site judges for itself when it shows a text; here it
// makes that whoever writes sees what readers will see, and that nothing else reaches the page.
(() => {
  "use strict";
  const editor = (window.trovatoEditor ??= {});

  // Schemes from which pages load pictures and sound.
  const LOADED = ["http", "https"];
  // Elements that go with all that is in them.
  const GONE = "script, style, rich-style, rich-base, template, title, textarea, xmp, head, meta, link, base, object, embed, iframe, noscript, noembed, noframes, plaintext, select, button, math, svg";
  // What would mean something in the page around the text.
  const OF_THE_PAGE = ["id", "class", "name", "target"];

  // Whether an address is a path, or has one of the schemes; as browsers read it (WHATWG URL), and as the site does.
  const isAddress = (address, schemes) => {
    const trimmed = address.replace(/^ +| +$/g, "");
    if (/[\p{Cc}\u00ad\u200b-\u200f\u2028-\u202e\ufeff]/u.test(trimmed)) return false;
    const before = trimmed.split(/[/?#\\]/, 1)[0];
    const colon = before.indexOf(":");
    return colon < 0 || schemes.includes(before.slice(0, colon).toLowerCase());
  };

  // Styles and bases would be judged by the page's own policy wherever they are read, and forms take the names of their
  // fields for their own properties: while a text is read they have other names.
  const STYLE = "data-rich-style";
  const rename = (html, from, to) => {
    const attribute = new RegExp(`"[^"]*"|'[^']*'|([\\s/"'])${from}(?=[\\s=/>])`, "gi");
    const tag = /<[a-z][^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>/gi;
    return html.replace(tag, (tag) => tag.replace(attribute, (found, before) => before ? before + to : found));
  };

  const bodyOf = Object.getOwnPropertyDescriptor(Document.prototype, "body").get;

  // What an HTML text says, in a document of its own: nothing runs in it, and nothing is loaded.
  const parse = (html) => {
    const harmless = rename(html, "style", STYLE).replace(/(<\/?)(style|base|form)(?=[\s/>])/gi, "$1rich-$2");
    return bodyOf.call(new window.DOMParser().parseFromString(`<body>${harmless}`, "text/html"));
  };
  const source = (element) => rename(element.outerHTML, STYLE, "style").replace(/(<\/?)rich-(style|base|form)(?=[\s/>])/g, "$1$2");

  class Rules {
    constructor(markup) {
      this.elements = new Map(Object.entries(markup.elements));
      this.generic = markup.attributes;
      this.schemes = markup.schemes;
      this.breaks = markup.breaks;
    }

    keeps(name) {
      return this.elements.has(name);
    }

    // The first of some elements that is kept.
    first(...names) {
      return names.find((name) => this.keeps(name));
    }

    mayLink(address) {
      return isAddress(address, this.schemes);
    }

    mayLoad(address) {
      return isAddress(address, LOADED);
    }

    // The attributes of an element that are kept, by name.
    attributes(element) {
      const own = this.elements.get(element.localName) || [];
      const kept = {};
      for (const { name, value } of element.attributes) {
        if (!own.includes(name) && !this.generic.includes(name)) continue;
        if (name === "href" && !this.mayLink(value)) continue;
        if (["src", "poster", "cite"].includes(name) && !this.mayLoad(value)) continue;
        kept[name] = value;
      }
      return kept;
    }

    // A copy of what is in a node, for the page: only what is kept, and nothing that the page could take for its own.
    copy(from, to) {
      for (const child of from.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
        if (child.nodeType !== Node.ELEMENT_NODE || child.matches(GONE)) continue;
        if (!this.keeps(child.localName)) {
          this.copy(child, to);
          continue;
        }
        const made = document.createElement(child.localName);
        for (const [name, value] of Object.entries(this.shown(this.attributes(child)))) made.setAttribute(name, value);
        if (made.localName === "input") Object.assign(made, { type: "checkbox", disabled: true });
        this.copy(child, made);
        to.append(made);
      }
    }

    // The attributes that an element has in the page of the editor.
    shown(attributes) {
      return Object.fromEntries(Object.entries(attributes).filter(([name]) => !OF_THE_PAGE.includes(name)));
    }
  }

  // A document for elements that are no part of the page.
  const inert = document.implementation.createHTMLDocument("");

  Object.assign(editor, { Rules, GONE, STYLE, parse, source, inert });
})();

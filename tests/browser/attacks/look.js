// What ran in the page, or would if somebody touched it; and what could run and has no business there.
(() => {
  const found = [];
  const say = (element, why) => found.push(`${why}: ${element.outerHTML.slice(0, 160)}`);
  const ADDRESSES = ["href", "src", "action", "formaction", "data", "poster", "xlink:href", "background", "ping", "cite", "longdesc", "codebase", "to", "values", "srcset", "dynsrc", "lowsrc", "manifest", "profile", "icon"];
  const isCode = (value) => {
    // As browsers read addresses (WHATWG URL, 4.4).
    const read = value.replace(/^[\u0000-\u0020]+/, "").replace(/[\t\n\r]/g, "");
    return /^(javascript|vbscript|data:(?!image\/(png|gif|jpe?g|webp)))/i.test(read);
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "template") say(element, "a template"), walk(element.content);
      if (element.shadowRoot) say(element, "a shadow tree");
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) say(element, `a handler ${name}`);
        if (ADDRESSES.includes(name) && isCode(value)) say(element, `code in ${name}`);
        if (["srcdoc", "is", "http-equiv", "style"].includes(name) && !element.closest(".rich__text")) say(element, `an attribute ${name}`);
      }
      if (element.matches("iframe, object, embed, applet, frame, frameset, portal, base, math, svg script, svg a, svg animate, svg set, svg use, svg foreignObject, svg style, xmp, plaintext, noembed")) say(element, "an element");
      if (element.matches("form") && element.closest(".field, .rich__text, .item__content")) say(element, "a form in a text");
      if (element.matches("style")) say(element, "a style");
      if (element.matches("script")) {
        const own = element.type === "application/json" || element.type === "application/ld+json" || /^\/theme\//.test(new URL(element.src || "x:", document.URL).pathname) && element.src.startsWith(location.origin) || !!element.nonce;
        if (!own) say(element, "a script");
        if (/json$/.test(element.type)) try { JSON.parse(element.textContent); } catch { say(element, "no JSON"); }
      }
    }
  };
  walk(document);
  const touch = ["focus", "focusin", "blur", "mouseover", "mouseenter", "mousemove", "pointerenter", "pointerover", "mousedown", "mouseup", "wheel", "copy", "cut", "toggle", "beforetoggle", "animationstart", "animationend", "transitionend", "scroll", "scrollend", "select", "begin", "start"];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.matches("[role=toolbar] *, .rich__text")) continue;
    for (const name of touch) element.dispatchEvent(new Event(name, { bubbles: false }));
  }
  return [...window.__ran, ...new Set(found)];
})()

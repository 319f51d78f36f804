// Where the middle of an element is, once it is in view; or why it can't be clicked.
function () {
  if (this.disabled) return { refused: "it is disabled" };
  if (this.closest("[aria-busy=true]")) return { refused: "what it is in is busy" };
  this.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  let target = this;
  let box = target.getClientRects()[0];
  // Checkboxes may be drawn by their labels.
  const hidden = (box) => !box || box.width < 2 || box.height < 2;
  if (hidden(box) && this.labels && this.labels[0]) {
    target = this.labels[0];
    box = target.getClientRects()[0];
  }
  if (hidden(box)) return { refused: "it takes no room" };
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  if (!top) return { refused: "it is outside of the window" };
  const reached = target.contains(top) || (top.closest("label") && top.closest("label").control === this);
  if (!reached) return { refused: `it is covered by ${top.outerHTML.slice(0, 120)}` };
  return { x, y };
}

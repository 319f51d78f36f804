// Makes a field ready for typing: focused, with all that it holds selected. Fields that are made of parts, such as
// dates, are filled here; then the answer is true.
function (text) {
  if (this.disabled || this.readOnly) throw new Error("the field can't be changed");
  this.scrollIntoView({ block: "center", behavior: "instant" });
  this.focus();
  if (["date", "datetime-local", "month", "time", "week", "color", "range"].includes(this.type)) {
    this.value = text;
    if (this.value !== text) throw new Error(`the field does not take '${text}'`);
    this.dispatchEvent(new Event("input", { bubbles: true }));
    this.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  if (this.select) this.select();
  else getSelection().selectAllChildren(this);
  return false;
}

// Chooses an option of a list by what it says.
function (text) {
  const options = Array.from(this.options);
  const option = options.find((option) => option.label.trim() === text);
  if (!option) throw new Error(`there is no option '${text}'; there are ${options.map((o) => o.label).join(", ")}`);
  if (option.disabled) throw new Error(`the option '${text}' is disabled`);
  if (this.multiple) option.selected = !option.selected;
  else this.selectedIndex = option.index;
  this.dispatchEvent(new Event("input", { bubbles: true }));
  this.dispatchEvent(new Event("change", { bubbles: true }));
}

// Before anything else in a page: whatever would run is written down.
(() => {
  const ran = [];
  Object.defineProperty(window, "__ran", { value: ran });
  for (const name of ["alert", "confirm", "prompt", "print", "msgbox"]) {
    Object.defineProperty(window, name, { value: (what) => ran.push(`${name}(${what}): ${new Error().stack.split("\n")[2] || ""}`) });
  }
})();

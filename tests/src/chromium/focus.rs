//! The way of the focus through a page.

use serde_json::Value;

use super::Visitor;

/// More stops than any page has.
const MOST: usize = 400;

/// What has the focus, and what is wrong with how it is shown; nothing where the focus has left the page.
const FOCUSED: &str = r"(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  window.stops ??= [];
  // A field for a date has a stop for each of its parts.
  const again = window.stops.includes(element) && window.stops.at(-1) !== element;
  window.stops.push(element);
  const box = element.getBoundingClientRect();
  const rings = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const reached = top && (element.contains(top) || top.contains(element) || top.closest('label')?.control === element);
  const wrong = box.width < 1 || box.height < 1 ? 'takes no room'
    : box.bottom <= 0 || box.top >= innerHeight ? 'is out of view'
    : !reached ? 'is covered by ' + (top ? top.outerHTML.slice(0, 80) : 'nothing')
    : ![element, element.parentElement, element.closest('li, label')].some((one) => one && rings(one)) ? 'shows no focus'
    : '';
  return { what: element.outerHTML.slice(0, 120), wrong, again };
})()";

/// What can have the focus and was not among the stops. Of radio buttons, and of tabs, one has it for all.
const MISSED: &str = r"(() => {
  const able = 'a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary, [tabindex]';
  return [...document.querySelectorAll(able)]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !window.stops.includes(one))
    .map((one) => one.outerHTML.slice(0, 120));
})()";

impl Visitor {
    /// Goes through the page with the Tab key. Fails the test if something can't be reached, is not seen while it has
    /// the focus, or keeps the focus. Gives the number of stops.
    pub async fn reaches_everything_by_keyboard(&self) -> usize {
        self.run("window.stops = []; document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); 0")
            .await
            .unwrap();
        let mut faults = Vec::new();
        for stop in 0..MOST {
            self.types("Tab").await;
            let at = self.run(FOCUSED).await.unwrap();
            if at.is_null() || at["again"] == true {
                faults.extend(self.missed().await);
                assert!(
                    faults.is_empty(),
                    "{}, by keyboard:\n{}",
                    self.path(),
                    faults.join("\n")
                );
                return stop;
            }
            let wrong = at["wrong"].as_str().unwrap_or_default();
            if !wrong.is_empty() {
                faults.push(format!("{} {wrong}", at["what"]));
            }
        }
        panic!("{}: the focus does not leave the page", self.path());
    }

    async fn missed(&self) -> Vec<String> {
        let missed = self.run(MISSED).await.unwrap();
        let missed = missed.as_array().into_iter().flatten().filter_map(Value::as_str);
        missed.map(|what| format!("{what} is not reached")).collect()
    }
}

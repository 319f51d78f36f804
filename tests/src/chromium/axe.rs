//! The accessibility of a page, as axe-core judges it.

use serde_json::Value;

use super::Visitor;

const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

/// Everything of WCAG up to 2.2 A and AA, and what is good besides. The size of targets is off by default.
const JUDGE: &str = r"axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
  preload: false,
}).then((results) => results.violations)";

/// What other colours can change.
const JUDGE_COLOURS: &str = r"axe.run(document, {
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  resultTypes: ['violations'],
  preload: false,
}).then((results) => results.violations)";

impl Visitor {
    /// Fails the test if the page, as it is now, keeps somebody out.
    pub async fn finds_no_barrier(&self) {
        self.judge(JUDGE, "").await;
    }

    /// Fails the test if the page keeps somebody out: at a desk or on a phone, in light or in dark colours, or on a
    /// narrow screen. Afterwards the visitor sits at a desk, in the light.
    pub async fn finds_no_barrier_anywhere(&self) {
        self.needs_no_scrolling_sideways().await;
        self.on_a_phone().await;
        self.keeps_picture("phone").await;
        self.judge(JUDGE, " on a phone").await;
        self.in_the_dark().await;
        self.judge(JUDGE_COLOURS, " on a phone, in the dark").await;
        self.at_a_desk().await;
        self.keeps_picture("dark").await;
        self.judge(JUDGE_COLOURS, " in the dark").await;
        self.in_the_light().await;
        self.keeps_picture("light").await;
        self.judge(JUDGE, "").await;
    }

    /// What keeps somebody out of the page as it is now, in words; nothing if all is well.
    pub async fn barriers(&self) -> String {
        self.ask_axe(JUDGE).await
    }

    async fn judge(&self, script: &str, circumstances: &str) {
        let barriers = self.ask_axe(script).await;
        assert!(
            barriers.is_empty(),
            "{} has barriers{circumstances}:\n{barriers}",
            self.path()
        );
    }

    async fn ask_axe(&self, script: &str) -> String {
        if self.tab.run("typeof axe").await.unwrap() == "undefined" {
            self.tab.run(&format!("{AXE}; 0")).await.unwrap();
        }
        let violations = self.tab.run(script).await.unwrap();
        let violations: Vec<String> = violations.as_array().into_iter().flatten().map(words).collect();
        violations.join("\n")
    }
}

fn words(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().into_iter().flatten().map(|node| {
        format!(
            "    {}\n      {}\n      {}\n",
            node["target"],
            text(&node["html"]),
            text(&node["failureSummary"]).replace('\n', "\n      ")
        )
    });
    format!(
        "  {} ({}): {}\n    {}\n{}",
        text(&violation["id"]),
        text(&violation["impact"]),
        text(&violation["help"]),
        text(&violation["helpUrl"]),
        nodes.collect::<String>()
    )
}

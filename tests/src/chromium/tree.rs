//! The page as assistive technology sees it: what there is, by role and name.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::tab::Tab;

/// The roles of things that text is typed into.
pub const FIELDS: [&str; 6] = [
    "textbox",
    "searchbox",
    "spinbutton",
    "combobox",
    "Date",
    "DateTime",
];
/// The roles of things that others are looked for in, by their own name.
const PARTS: [&str; 20] = [
    "alert",
    "alertdialog",
    "article",
    "banner",
    "contentinfo",
    "complementary",
    "dialog",
    "Details",
    "figure",
    "form",
    "group",
    "list",
    "main",
    "navigation",
    "radiogroup",
    "region",
    "status",
    "table",
    "tabpanel",
    "toolbar",
];
/// The roles of things that others are looked for in, by the name of something in them.
const ENTRIES: [&str; 4] = ["row", "listitem", "article", "LayoutTableRow"];

/// Something in the page.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Its role.
    pub role: String,
    /// Its name.
    pub name: String,
    /// What it holds, of a field.
    pub value: String,
    /// What is said of it besides its name: a hint, an error.
    pub description: String,
    /// The number of its element.
    pub element: u64,
    properties: HashMap<String, Value>,
    parent: Option<usize>,
}

impl Thing {
    /// Whether it has the name; that a field is required is said behind its name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.strip_suffix(" (required)").unwrap_or(&self.name) == name || self.name == name
    }

    /// Whether it is the part of this name. One without a name, such as `main`, goes by its role.
    fn is_part(&self, name: &str) -> bool {
        let own = if self.name.is_empty() {
            &self.role
        } else {
            &self.name
        };
        own == name
    }

    /// Whether the property is set.
    pub fn is(&self, property: &str) -> bool {
        match self.properties.get(property) {
            Some(Value::Bool(set)) => *set,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }
}

/// Everything in a page.
pub struct Tree(Vec<Thing>);

impl Tree {
    /// The page as it is now.
    ///
    /// # Errors
    /// There is no page at the moment.
    pub async fn of(tab: &Tab) -> Result<Self, String> {
        let answer = tab.call("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = answer["nodes"].as_array().ok_or("the page has no tree")?;
        let places: HashMap<&str, usize> = nodes
            .iter()
            .enumerate()
            .filter_map(|(place, node)| Some((node["nodeId"].as_str()?, place)))
            .collect();
        let things = nodes.iter().map(|node| Thing {
            role: if node["ignored"] == true {
                String::new()
            } else {
                text(&node["role"])
            },
            name: text(&node["name"]),
            value: text(&node["value"]),
            description: text(&node["description"]),
            element: node["backendDOMNodeId"].as_u64().unwrap_or(0),
            properties: properties(node),
            parent: node["parentId"].as_str().and_then(|id| places.get(id)).copied(),
        });
        Ok(Self(things.collect()))
    }

    /// The part of the page that has the name, or the row or entry that has something of the name in it.
    ///
    /// # Errors
    /// The names that there are.
    pub fn part(self, name: &str) -> Result<Self, String> {
        let found = self
            .0
            .iter()
            .position(|thing| PARTS.contains(&thing.role.as_str()) && thing.is_part(name))
            .or_else(|| self.entry(name));
        match found {
            Some(root) => Ok(self.below(root)),
            None => Err(format!(
                "there is no part '{name}'; there are {}",
                self.names(&PARTS)
            )),
        }
    }

    /// The first thing of one of these roles and of this name.
    ///
    /// # Errors
    /// The names that there are.
    pub fn find(&self, roles: &[&str], name: &str) -> Result<&Thing, String> {
        self.0
            .iter()
            .find(|thing| roles.contains(&thing.role.as_str()) && thing.is_called(name))
            .ok_or_else(|| {
                format!(
                    "there is no {} '{name}'; there are {}",
                    roles[0],
                    self.names(roles)
                )
            })
    }

    /// The thing that has the focus.
    pub fn focused(&self) -> Option<&Thing> {
        // The document says of itself that it is focused as well.
        self.0
            .iter()
            .rfind(|thing| thing.is("focused") && thing.role != "RootWebArea")
    }

    /// The thing at the root.
    pub fn root(&self) -> Option<&Thing> {
        self.0.first()
    }

    /// The row or entry that has something of the name in it.
    fn entry(&self, name: &str) -> Option<usize> {
        let mut place = self
            .0
            .iter()
            .position(|thing| thing.name == name && !thing.role.is_empty())?;
        loop {
            if ENTRIES.contains(&self.0[place].role.as_str()) {
                return Some(place);
            }
            place = self.0[place].parent?;
        }
    }

    fn below(self, root: usize) -> Self {
        let is_below = |mut place: usize| loop {
            if place == root {
                return true;
            }
            match self.0[place].parent {
                Some(parent) => place = parent,
                None => return false,
            }
        };
        let mut places: Vec<usize> = (0..self.0.len()).filter(|&place| is_below(place)).collect();
        places.sort_by_key(|&place| place != root);
        let moved: HashMap<usize, usize> = places.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let things = places.iter().map(|&place| {
            let mut thing = self.0[place].clone();
            thing.parent = thing.parent.and_then(|parent| moved.get(&parent)).copied();
            thing
        });
        Self(things.collect())
    }

    fn names(&self, roles: &[&str]) -> String {
        let names = self.0.iter().filter(|thing| roles.contains(&thing.role.as_str()));
        let names: Vec<String> = names
            .map(|thing| format!("{} '{}'", thing.role, thing.name))
            .collect();
        if names.is_empty() {
            "none at all".to_owned()
        } else {
            names.join(", ")
        }
    }
}

fn text(value: &Value) -> String {
    let text = match &value["value"] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn properties(node: &Value) -> HashMap<String, Value> {
    let properties = node["properties"].as_array().into_iter().flatten();
    properties
        .filter_map(|property| {
            Some((
                property["name"].as_str()?.to_owned(),
                property["value"]["value"].clone(),
            ))
        })
        .collect()
}

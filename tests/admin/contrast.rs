//! Whether people can read it: the contrast of the administration's colours (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const STYLES: [&str; 2] = [
    include_str!("../../host/src/subsystems/theme/builtin/css/common.css"),
    include_str!("../../themes/admin/static/css/base.css"),
];

/// Text and what it stands on: 4.5 to 1.
const TEXT: &[(&str, &[&str])] = &[
    (
        "ink",
        &[
            "canvas",
            "surface",
            "sunken",
            "hover",
            "accent-wash",
            "notice-wash",
            "warning-wash",
            "danger-wash",
        ],
    ),
    (
        "ink-soft",
        &["canvas", "surface", "sunken", "hover", "accent-wash"],
    ),
    ("accent", &["canvas", "surface", "sunken", "hover", "accent-wash"]),
    ("accent-hover", &["canvas", "surface", "hover"]),
    ("on-accent", &["accent", "accent-hover"]),
    ("notice", &["notice-wash", "surface"]),
    ("warning", &["warning-wash", "surface"]),
    ("danger", &["danger-wash", "surface", "canvas", "hover"]),
];
/// The edges of what is used, and the ring around what has the focus: 3 to 1.
const EDGES: &[(&str, &[&str])] = &[
    ("line-control", &["canvas", "surface", "sunken"]),
    ("accent", &["canvas", "surface", "sunken", "hover"]),
    ("danger", &["canvas", "surface"]),
];

/// Colours by name, each for light and for dark.
fn colours() -> BTreeMap<&'static str, [[f64; 3]; 2]> {
    let mut colours = BTreeMap::new();
    for line in STYLES.iter().flat_map(|styles| styles.lines()) {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|rest| rest.split_once(": light-dark(#"))
        else {
            continue;
        };
        let (light, dark) = value.trim_end_matches(");").split_once(", #").unwrap();
        colours.insert(name, [channels(light), channels(dark)]);
    }
    colours
}

fn channels(hex: &str) -> [f64; 3] {
    [0, 2, 4].map(|at| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let light = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    let (one, other) = (light(one), light(other));
    if one > other { one / other } else { other / one }
}

fn check(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let colours = colours();
    let mut wrong = Vec::new();
    for (front, backs) in pairs {
        for back in *backs {
            for (scheme, at) in [("light", 0), ("dark", 1)] {
                let found = contrast(colours[front][at], colours[back][at]);
                if found < least {
                    wrong.push(format!("{front} on {back} in {scheme}: {found:.2}, not {least}"));
                }
            }
        }
    }
    wrong
}

#[test]
fn text_can_be_read_in_light_and_in_dark() {
    assert_eq!(check(TEXT, 4.5), Vec::<String>::new());
}

#[test]
fn edges_and_the_focus_can_be_seen_in_light_and_in_dark() {
    assert_eq!(check(EDGES, 3.0), Vec::<String>::new());
}

//! Keys of the keyboard.

use serde_json::json;

use super::tab::Tab;

/// Keys with a name: what pages call them, their code, and what they write.
const NAMED: [(&str, u32, &str); 13] = [
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    ("Space", 32, " "),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
    ("Delete", 46, ""),
];
/// Keys that are held, and their bits in the protocol.
const HELD: [(&str, u32); 4] = [("Alt", 1), ("Control", 2), ("Meta", 4), ("Shift", 8)];

/// Presses a key, such as `Enter`, `Shift+Tab` or `Control+k`. Anything else is typed.
///
/// # Errors
/// The browser's words.
pub async fn press(tab: &Tab, keys: &str) -> Result<(), String> {
    let mut modifiers = 0;
    let mut key = keys;
    while let Some((held, rest)) = key.split_once('+')
        && let Some((_, bit)) = HELD.iter().find(|(name, _)| *name == held)
    {
        modifiers |= bit;
        key = rest;
    }
    if let Some((name, code, text)) = NAMED.iter().find(|(name, ..)| *name == key) {
        let name = if *name == "Space" { " " } else { name };
        return stroke(tab, modifiers, name, key, *code, text).await;
    }
    for letter in key.chars() {
        let text = if modifiers & !8 == 0 {
            letter.to_string()
        } else {
            String::new()
        };
        let upper = letter.to_ascii_uppercase();
        let code = if upper.is_ascii_alphanumeric() {
            u32::from(upper)
        } else {
            0
        };
        stroke(
            tab,
            modifiers,
            &letter.to_string(),
            &format!("Key{upper}"),
            code,
            &text,
        )
        .await?;
    }
    Ok(())
}

async fn stroke(
    tab: &Tab,
    modifiers: u32,
    key: &str,
    code: &str,
    number: u32,
    text: &str,
) -> Result<(), String> {
    for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
        let mut event = json!({
            "type": kind,
            "modifiers": modifiers,
            "key": key,
            "code": code,
            "windowsVirtualKeyCode": number,
        });
        if kind == "keyDown" {
            event["text"] = text.into();
        }
        tab.call("Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

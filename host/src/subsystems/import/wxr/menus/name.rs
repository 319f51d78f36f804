//! The machine names of menus.

use percent_encoding::percent_decode_str;

/// Characters of a machine name.
const NAME: usize = 32;

/// A name in addresses as the machine name of a menu.
pub(super) fn name_of(slug: &str) -> String {
    let decoded = percent_decode_str(slug).decode_utf8_lossy();
    let mut name = String::new();
    for char in deunicode::deunicode(&decoded).chars() {
        if char.is_ascii_alphanumeric() {
            name.push(char.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(NAME);
    match name.trim_end_matches('_') {
        "" => "menu".to_owned(),
        name => name.to_owned(),
    }
}

/// The name that is tried at so many tries.
pub(super) fn numbered(name: &str, number: usize) -> String {
    if number == 1 {
        return name.to_owned();
    }
    let end = format!("_{number}");
    let kept: String = name.chars().take(NAME - end.len()).collect();
    format!("{}{end}", kept.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_become_machine_names() {
        assert_eq!(name_of("Main-Menu--2"), "main_menu_2");
        assert_eq!(name_of("%d0%bc%d0%b5%d0%bd%d1%8e"), "meniu");
        assert_eq!(name_of("--"), "menu");
        let long = name_of(&"long-".repeat(9));
        assert!(long.len() <= NAME && !long.ends_with('_'), "{long}");
        assert_eq!(numbered("main", 1), "main");
        assert_eq!(numbered("main", 12), "main_12");
        assert_eq!(numbered(&"m".repeat(NAME), 2).len(), NAME);
    }
}

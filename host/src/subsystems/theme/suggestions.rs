//! The names of the templates that could show something, the most specific first.

/// The suggestions for an item: `item--{type}--{id}`, `item--{type}--{mode}`, `item--{type}`, `item`.
#[must_use]
pub fn for_item(item_type: &str, id: &str, mode: &str) -> Vec<String> {
    names("item", &[&[item_type, id], &[item_type, mode], &[item_type]])
}

/// The suggestions for a field: `field--{name}--{type of item}`, `field--{name}`, `field--{type of field}`, `field`.
#[must_use]
pub fn for_field(name: &str, item_type: &str, field_type: &str) -> Vec<String> {
    names("field", &[&[name, item_type], &[name], &[field_type]])
}

/// The suggestions for a page: by its status if it tells of an error, else `page--front` for the front page and by
/// the parts of its path, at most eight, then `page`.
#[must_use]
pub fn for_page(path: &str, status: u16, is_front: bool) -> Vec<String> {
    let status_name = status.to_string();
    if status >= 400 {
        return names("page", &[&[&status_name]]);
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).take(8).collect();
    let front: &[&str] = if is_front { &["front"] } else { &[] };
    let mut candidates = vec![front];
    candidates.extend((1..=parts.len()).rev().filter_map(|length| parts.get(..length)));
    names("page", &candidates)
}

/// The suggestions for a tile: `tile--{plugin or kind}--{name}`, `tile--{kind}`, `tile`.
#[must_use]
pub fn for_tile(kind: &str, name: &str) -> Vec<String> {
    names("tile", &[&[kind, name], &[kind]])
}

/// The suggestions for a listing: `gather--{name}--{display}`, `gather--{name}`, `gather`.
#[must_use]
pub fn for_gather(name: &str, display: &str) -> Vec<String> {
    names("gather", &[&[name, display], &[name]])
}

/// The suggestions for an element of a form: `form-element--{type}--{form}`, `form-element--{type}`, `form-element`.
#[must_use]
pub fn for_form_element(element_type: &str, form: &str) -> Vec<String> {
    names("form-element", &[&[element_type, form], &[element_type]])
}

/// File names of templates: the base with each list of parts, then the base alone. Lists that are empty or have a
/// part that can't be in a file name are left out.
#[must_use]
pub fn names(base: &str, candidates: &[&[&str]]) -> Vec<String> {
    let mut found = Vec::with_capacity(candidates.len() + 1);
    for candidate in candidates {
        let parts: Vec<String> = candidate.iter().map(|part| file_safe(part)).collect();
        if !parts.is_empty() && !parts.iter().any(String::is_empty) {
            found.push(format!("{base}--{}.html", parts.join("--")));
        }
    }
    found.push(format!("{base}.html"));
    found
}

/// A part of a file name: lower case, other characters than letters, digits and `_` become one `-`.
fn file_safe(part: &str) -> String {
    let mut safe = String::with_capacity(part.len());
    for c in part.chars().take(64) {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() || c == '_' {
            safe.push(c);
        } else if !safe.ends_with('-') {
            safe.push('-');
        }
    }
    safe.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_template_of_an_item_comes_first() {
        assert_eq!(
            for_item("blog", "0190-AB", "search_result"),
            [
                "item--blog--0190-ab.html",
                "item--blog--search_result.html",
                "item--blog.html",
                "item.html"
            ]
        );
    }

    #[test]
    fn fields_are_suggested_by_name_before_kind() {
        assert_eq!(
            for_field("field_tags", "blog", "reference"),
            [
                "field--field_tags--blog.html",
                "field--field_tags.html",
                "field--reference.html",
                "field.html"
            ]
        );
    }

    #[test]
    fn pages_are_suggested_by_path_front_and_status() {
        assert_eq!(
            for_page("/admin/config/formats", 200, false),
            [
                "page--admin--config--formats.html",
                "page--admin--config.html",
                "page--admin.html",
                "page.html"
            ]
        );
        assert_eq!(for_page("/", 200, true), ["page--front.html", "page.html"]);
        assert_eq!(for_page("/", 200, false), ["page.html"]);
        assert_eq!(for_page("/a/b", 404, false), ["page--404.html", "page.html"]);
    }

    #[test]
    fn no_suggestion_leaves_its_folder() {
        assert_eq!(
            for_item("../../etc", "a/b\\c", "D é\0"),
            [
                "item--etc--a-b-c.html",
                "item--etc--d.html",
                "item--etc.html",
                "item.html"
            ]
        );
        assert_eq!(for_item("", "a", "full"), ["item.html"]);
    }
}

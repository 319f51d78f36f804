//! Links between the pages of the documentation, and from them to other files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The links of README.md, CHANGELOG.md and the book that lead to no file, a line for each.
///
/// # Errors
/// When a page cannot be read.
pub fn broken(root: &Path) -> Result<Vec<String>> {
    let mut pages = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    collect(&root.join("docs"), &mut pages)?;
    pages.sort();
    let mut broken = Vec::new();
    for page in pages {
        let text =
            fs::read_to_string(&page).with_context(|| format!("{} could not be read", page.display()))?;
        let folder = page.parent().unwrap_or(root);
        for target in targets(&text).filter(|target| !folder.join(target).exists()) {
            let page = page.strip_prefix(root).unwrap_or(&page).display();
            broken.push(format!("{page}: the link to {target} leads to no file"));
        }
    }
    Ok(broken)
}

/// The pages below a folder, without the built book.
fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("docs/book") {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

/// The files that the inline links of a page lead to, without fragments; what is in code is none.
fn targets(page: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    let prose = page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    });
    // What stands between backticks is code; a link around it still begins and ends outside.
    prose
        .flat_map(|line| line.split('`').step_by(2))
        .flat_map(|text| text.split("](").skip(1))
        .filter_map(|rest| rest.split([')', ' ', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found_and_others_left_alone() {
        let page = "[a](b.md), [c](../d.md#e) and [f](#g)\n![h](i.png \"j\") `[r](s)` [`t`](u) [k](https://l.m)\n```\n[n](o)\n```\n[p](q/)";
        assert_eq!(
            targets(page).collect::<Vec<_>>(),
            ["b.md", "../d.md", "i.png", "u", "q/"]
        );
    }
}

//! Where themes come from: the table inside the binary, and a folder of the site. Knows files, not what is in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

use super::Error;

/// The themes that ship inside the binary: theme, path and content of each file.
static EMBEDDED: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/themes.rs"));
/// The templates that are there whatever a theme lacks.
static BUILT_IN: &[(&str, &[u8])] = &[
    ("templates/api.html", include_bytes!("builtin/api.html")),
    ("templates/base.html", include_bytes!("builtin/base.html")),
    ("templates/page.html", include_bytes!("builtin/page.html")),
    ("templates/item.html", include_bytes!("builtin/item.html")),
    ("templates/field.html", include_bytes!("builtin/field.html")),
    ("templates/pager.html", include_bytes!("builtin/pager.html")),
    ("templates/error.html", include_bytes!("builtin/error.html")),
    ("templates/user.html", include_bytes!("builtin/user.html")),
    (
        "templates/form-attributes.html",
        include_bytes!("builtin/form-attributes.html"),
    ),
    (
        "templates/form-element--actions.html",
        include_bytes!("builtin/form-element--actions.html"),
    ),
    (
        "templates/form-element--checkbox.html",
        include_bytes!("builtin/form-element--checkbox.html"),
    ),
    (
        "templates/form-element--checkboxes.html",
        include_bytes!("builtin/form-element--checkboxes.html"),
    ),
    (
        "templates/form-element--details.html",
        include_bytes!("builtin/form-element--details.html"),
    ),
    (
        "templates/form-element--fieldset.html",
        include_bytes!("builtin/form-element--fieldset.html"),
    ),
    (
        "templates/form-element--file.html",
        include_bytes!("builtin/form-element--file.html"),
    ),
    (
        "templates/form-element--group.html",
        include_bytes!("builtin/form-element--group.html"),
    ),
    (
        "templates/form-element--hidden.html",
        include_bytes!("builtin/form-element--hidden.html"),
    ),
    (
        "templates/form-element--link.html",
        include_bytes!("builtin/form-element--link.html"),
    ),
    (
        "templates/form-element--markup.html",
        include_bytes!("builtin/form-element--markup.html"),
    ),
    (
        "templates/form-element--password.html",
        include_bytes!("builtin/form-element--password.html"),
    ),
    (
        "templates/form-element--radios.html",
        include_bytes!("builtin/form-element--radios.html"),
    ),
    (
        "templates/form-element--reference.html",
        include_bytes!("builtin/form-element--reference.html"),
    ),
    (
        "templates/form-element--rich-text.html",
        include_bytes!("builtin/form-element--rich-text.html"),
    ),
    (
        "templates/form-element--select.html",
        include_bytes!("builtin/form-element--select.html"),
    ),
    (
        "templates/form-element--submit.html",
        include_bytes!("builtin/form-element--submit.html"),
    ),
    (
        "templates/form-element--tabs.html",
        include_bytes!("builtin/form-element--tabs.html"),
    ),
    (
        "templates/form-element--textarea.html",
        include_bytes!("builtin/form-element--textarea.html"),
    ),
    (
        "templates/form-element.html",
        include_bytes!("builtin/form-element.html"),
    ),
    (
        "templates/form-refresh.html",
        include_bytes!("builtin/form-refresh.html"),
    ),
    ("templates/form.html", include_bytes!("builtin/form.html")),
    (
        "templates/field-value.html",
        include_bytes!("builtin/field-value.html"),
    ),
    ("templates/item-add.html", include_bytes!("builtin/item-add.html")),
    (
        "templates/item-diff.html",
        include_bytes!("builtin/item-diff.html"),
    ),
    (
        "templates/item-preview.html",
        include_bytes!("builtin/item-preview.html"),
    ),
    (
        "templates/item-revision.html",
        include_bytes!("builtin/item-revision.html"),
    ),
    (
        "templates/item-revisions.html",
        include_bytes!("builtin/item-revisions.html"),
    ),
    (
        "templates/local-tasks.html",
        include_bytes!("builtin/local-tasks.html"),
    ),
    ("templates/passkey.html", include_bytes!("builtin/passkey.html")),
    (
        "templates/recovery-codes.html",
        include_bytes!("builtin/recovery-codes.html"),
    ),
    (
        "templates/secret-shown.html",
        include_bytes!("builtin/secret-shown.html"),
    ),
    (
        "templates/two-factor.html",
        include_bytes!("builtin/two-factor.html"),
    ),
    (
        "templates/partials/log-out.html",
        include_bytes!("builtin/partials/log-out.html"),
    ),
    (
        "templates/partials/messages.html",
        include_bytes!("builtin/partials/messages.html"),
    ),
    ("static/favicon.svg", include_bytes!("builtin/favicon.svg")),
    ("static/css/common.css", include_bytes!("builtin/css/common.css")),
    (
        "static/css/form-parts.css",
        include_bytes!("builtin/css/form-parts.css"),
    ),
    ("static/css/editor.css", include_bytes!("builtin/css/editor.css")),
    (
        "static/js/prosemirror.js",
        include_bytes!("builtin/vendor/prosemirror/prosemirror.js"),
    ),
    ("static/js/editor.js", EDITOR.as_bytes()),
    ("static/js/passkey.js", include_bytes!("builtin/passkey.js")),
    ("static/js/form.js", include_bytes!("builtin/form.js")),
    ("static/js/scheme.js", include_bytes!("builtin/scheme.js")),
];
/// The editor of formatted text, as one file: each of its parts stands for itself and adds to what those before have made.
const EDITOR: &str = concat!(
    include_str!("builtin/editor/rules.js"),
    include_str!("builtin/editor/schema.js"),
    include_str!("builtin/editor/html.js"),
    include_str!("builtin/editor/paste.js"),
    include_str!("builtin/editor/dialogs.js"),
    include_str!("builtin/editor/commands.js"),
    include_str!("builtin/editor/toolbar.js"),
    include_str!("builtin/editor/rich.js"),
    include_str!("builtin/editor/blocks.js"),
);
/// Larger files are not served, and templates not read: in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;
/// How deep folders may lie in a theme.
const MAX_DEPTH: usize = 8;

/// A file of a theme. Those of the site's folder are read when they are wanted: only what a folder held when it was
/// looked through can be reached.
#[derive(Debug, Clone)]
pub enum File {
    /// In the binary.
    Embedded(&'static [u8]),
    /// On disk.
    Disk(PathBuf),
    /// Put together of others.
    Made(Bytes),
}

impl File {
    /// The content.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn read(&self) -> Result<Bytes, Error> {
        match self {
            Self::Embedded(bytes) => Ok(Bytes::from_static(bytes)),
            Self::Made(bytes) => Ok(bytes.clone()),
            Self::Disk(path) => fs::read(path)
                .map(Bytes::from)
                .map_err(|error| unreadable(path, &error)),
        }
    }
}

/// The files of one theme by their path, such as `templates/page.html`.
pub type Files = BTreeMap<String, File>;

/// The files of all themes by theme. A folder of the site takes the place of an embedded theme of its name.
///
/// # Errors
/// [`Error::Unreadable`] if the site's folder is there and can't be read.
pub fn collect(site_folder: Option<&Path>) -> Result<BTreeMap<String, Files>, Error> {
    let mut themes = BTreeMap::<String, Files>::new();
    for (theme, path, bytes) in EMBEDDED {
        themes
            .entry((*theme).into())
            .or_default()
            .insert((*path).into(), File::Embedded(bytes));
    }
    for folder in site_folder
        .filter(|folder| folder.is_dir())
        .map(entries)
        .transpose()?
        .unwrap_or_default()
    {
        if let Some(name) = folder
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| folder.is_dir())
        {
            let mut files = Files::new();
            walk(&folder, "", MAX_DEPTH, &mut files)?;
            themes.insert(name.to_owned(), files);
        }
    }
    let built_in = BUILT_IN
        .iter()
        .map(|(path, bytes)| ((*path).into(), File::Embedded(bytes)))
        .collect();
    themes.insert(super::BUILT_IN.into(), built_in);
    Ok(themes)
}

fn walk(folder: &Path, below: &str, depth: usize, files: &mut Files) -> Result<(), Error> {
    for path in entries(folder)? {
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|name| is_file_name(name))
        else {
            tracing::warn!(path = %path.display(), "a file of a theme has a name that can't stand in a URL: left out");
            continue;
        };
        let inner = format!("{below}{name}");
        // What a link leads to may lie outside of the theme.
        let about = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, &error))?;
        if about.is_dir() && depth > 0 {
            walk(&path, &format!("{inner}/"), depth - 1, files)?;
        } else if about.is_file() && about.len() <= MAX_FILE {
            files.insert(inner, File::Disk(path));
        } else {
            tracing::warn!(path = %path.display(), "a file of a theme is too large, too deep or a link: left out");
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let hidden = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map(|paths| paths.into_iter().filter(|path| !hidden(path)).collect())
        .map_err(|error| unreadable(folder, &error))
}

fn is_file_name(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@' | b'+'))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Unreadable {
        path: path.display().to_string(),
        message: error.to_string(),
    }
}

/// When a file in a folder was last changed, as far as the system tells.
pub(super) fn newest_change(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    let changed = entries.filter_map(Result::ok).filter_map(|entry| {
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            newest_change(&entry.path())
        } else {
            entry.metadata().ok()?.modified().ok()
        }
    });
    changed.max()
}

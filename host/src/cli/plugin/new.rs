//! `trovato plugin new`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Error, Result, print};
use crate::app::STOCK;
use crate::config::Config;
use crate::kernel::Manifest;
use crate::wit;

/// Where each file of the scaffold goes, and its text.
const SCAFFOLD: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("scaffold/Cargo.toml.in")),
    ("plugin.toml", include_str!("scaffold/plugin.toml.in")),
    ("README.md", include_str!("scaffold/README.md.in")),
    (".gitignore", include_str!("scaffold/gitignore.in")),
    (".cargo/config.toml", include_str!("scaffold/config.toml.in")),
    ("src/lib.rs", include_str!("scaffold/lib.rs.in")),
    ("tests/site.rs", include_str!("scaffold/site.rs.in")),
];

/// What the manifest of a crate says that is built with WASI.
const WITH_WASI: &str = "
# `trovato plugin build` builds it with WASI 0.2: output goes to the site's log; there are no files and no network.
[package.metadata.trovato]
target = \"wasm32-wasip2\"
";

/// What `new` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin's name: lower-case letters, digits and dashes.
    name: String,
    /// The language to write it in.
    #[arg(long, default_value = "rust")]
    lang: String,
    /// Build it with WASI 0.2, for crates that print, or ask for the time or for randomness.
    #[arg(long)]
    wasi: bool,
    /// The folder to make; `NAME` in the site's folder of plugins where none is given.
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
    /// The folder of the SDK's source. In a checkout of Trovato, its own is found.
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
}

pub fn run(config: &Config, options: &Options) -> Result {
    let name = options.name.as_str();
    if options.lang != "rust" {
        let lang = &options.lang;
        return Err(Error::set_up(format!(
            "there is no SDK for {lang} yet, only for rust: leave --lang out"
        )));
    }
    Manifest::check_name(name).map_err(Error::set_up)?;
    if STOCK.iter().any(|embedded| embedded.name == name) {
        return Err(Error::set_up(format!(
            "'{name}' is a plugin of Trovato itself; choose another name"
        )));
    }
    let folder = options
        .path
        .clone()
        .unwrap_or_else(|| config.plugins_dir().join(name));
    if folder.exists() {
        return Err(Error::set_up(format!(
            "{} exists already; choose another with --path",
            folder.display()
        )));
    }
    let sdk = match &options.sdk {
        Some(sdk) if is_sdk(sdk) => Some(sdk.clone()),
        Some(sdk) => {
            return Err(Error::set_up(format!(
                "{} is no source of trovato-sdk",
                sdk.display()
            )));
        }
        None => sdk_of_checkout(),
    };
    let crate_at = |within: &str| {
        let found = dependency(sdk.as_deref(), within, &folder);
        found.map_err(|error| unwritable(&folder, &error))
    };
    let gaps = Gaps {
        name,
        sdk: &crate_at("")?,
        test: &crate_at("test")?,
        target: if options.wasi { WITH_WASI } else { "" },
    };
    write(&folder, &gaps).map_err(|error| unwritable(&folder, &error))?;
    let shown = super::place::shown(&folder);
    print(&format!("The plugin '{name}' is in {shown}."));
    if sdk.is_none() {
        let version = env!("CARGO_PKG_VERSION");
        print(&format!(
            "It takes trovato-sdk {version} from crates.io; in a checkout of Trovato, or with --sdk FOLDER, it takes the source."
        ));
    }
    print("Next:");
    print(&format!("  trovato plugin build {shown}"));
    print(&format!("  trovato plugin test {shown}"));
    print(&format!("  trovato plugin dev {shown}"));
    Ok(())
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Error {
    Error::set_up(format!("{} can't be made: {error}", folder.display()))
}

/// What is filled into the scaffold.
struct Gaps<'a> {
    name: &'a str,
    /// The SDK as a dependency, and that of its tests.
    sdk: &'a str,
    test: &'a str,
    target: &'a str,
}

fn write(folder: &Path, gaps: &Gaps<'_>) -> std::io::Result<()> {
    for (path, text) in SCAFFOLD {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, fill(text, gaps))?;
    }
    Ok(())
}

fn fill(text: &str, gaps: &Gaps<'_>) -> String {
    let wit = format!("{}.{}", wit::VERSION.major, wit::VERSION.minor);
    text.replace("@name@", gaps.name)
        .replace("@target@", gaps.target)
        .replace("@sdk@", gaps.sdk)
        .replace("@test@", gaps.test)
        .replace("@wit@", &wit)
}

/// The SDK's source, if the working folder is in a checkout of Trovato.
fn sdk_of_checkout() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join("guest-sdk"))
        .find(|folder| is_sdk(folder))
}

fn is_sdk(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap_or_default();
    let name = manifest.get("package").and_then(|package| package.get("name"));
    name.and_then(toml::Value::as_str) == Some("trovato-sdk")
}

/// The SDK, or a crate in its folder, as a dependency in a manifest: the published one, or the one in a folder. A path
/// within one checkout is relative, so that the checkout can be moved.
fn dependency(sdk: Option<&Path>, within: &str, folder: &Path) -> std::io::Result<String> {
    let Some(sdk) = sdk else {
        return Ok(toml::Value::from(env!("CARGO_PKG_VERSION")).to_string());
    };
    let sdk = fs::canonicalize(sdk)?;
    let folder = std::path::absolute(folder)?;
    let path = match relative(&folder, &sdk) {
        Some(path) => path,
        None => sdk,
    };
    let path = if within.is_empty() {
        path
    } else {
        path.join(within)
    };
    Ok(format!(
        "{{ path = {} }}",
        toml::Value::from(path.to_string_lossy().replace('\\', "/"))
    ))
}

/// The way from a folder to the SDK of the checkout that the folder is in.
fn relative(folder: &Path, sdk: &Path) -> Option<PathBuf> {
    let inside = folder.strip_prefix(sdk.parent()?).ok()?;
    let up: PathBuf = inside.components().map(|_| "..").collect();
    Some(up.join(sdk.file_name()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taps;

    const GAPS: Gaps<'_> = Gaps {
        name: "my-plugin",
        sdk: "\"1.2.3\"",
        test: "\"1.2.3\"",
        target: WITH_WASI,
    };

    #[test]
    fn the_scaffold_has_a_manifest_that_is_right_and_no_gap_is_left() {
        for (path, text) in SCAFFOLD {
            let text = fill(text, &GAPS);
            assert!(!text.contains('@'), "{path}");
        }
        let (_, manifest) = SCAFFOLD.iter().find(|(path, _)| *path == "plugin.toml").unwrap();
        let manifest = Manifest::parse(Path::new("plugin.toml"), &fill(manifest, &GAPS), taps::NAMES);
        assert_eq!(manifest.unwrap().name, "my-plugin");
    }

    #[test]
    fn a_path_within_a_checkout_is_relative() {
        let sdk = Path::new("/trovato/guest-sdk");
        let within = relative(Path::new("/trovato/data/plugins/x"), sdk);
        assert_eq!(within, Some(PathBuf::from("../../../guest-sdk")));
        assert_eq!(relative(Path::new("/elsewhere/x"), sdk), None);
    }
}

//! Makes themes of files: reads manifests, follows parents, compiles templates, takes the digest of static files.
//!
//! What is wrong with a theme is reported and left out, so that one bad file never keeps a site from starting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::functions::{self, Assets};
use super::manifest::{Libraries, Manifest, is_machine_name};
use super::names::{Layer, Names};
use super::problems::{Problem, Problems};
use super::source::{Files, collect};
use super::static_file::StaticFile;
use super::{BUILT_IN, Error, Options, bundle};

/// Plugins' templates: plugin, then name, then source.
pub type PluginTemplates = BTreeMap<String, BTreeMap<String, String>>;

/// A theme that is ready for use.
#[derive(Debug)]
pub struct Theme {
    pub manifest: Manifest,
    /// The theme that stands in for this one when a template of it fails.
    pub parent: Option<String>,
    pub environment: Environment<'static>,
    pub names: Arc<Names>,
    /// Static files of this theme itself, by path.
    pub files: BTreeMap<String, StaticFile>,
    /// Addresses of the style sheets and scripts of this theme and those that it builds on.
    pub css: Vec<String>,
    pub js: Vec<String>,
}

/// What is read of a theme before it is put together with others.
struct Draft {
    manifest: Manifest,
    templates: BTreeMap<String, String>,
    files: BTreeMap<String, StaticFile>,
}

/// Loads all themes.
///
/// # Errors
/// [`Error::Unreadable`] if the site's folder of themes can't be read.
pub fn load(
    options: &Options,
    plugins: &PluginTemplates,
    problems: &Problems,
) -> Result<BTreeMap<String, Arc<Theme>>, Error> {
    let mut drafts = BTreeMap::new();
    for (name, files) in collect(options.folder.as_deref())? {
        match draft(&name, &files, problems) {
            Ok(draft) => drop(drafts.insert(name, draft)),
            Err(error) => report(problems, &name, "theme.toml", &error),
        }
    }
    let names = drafts.keys().cloned().collect::<Vec<_>>();
    let assembled = names.into_iter().map(|name| {
        let theme = assemble(&name, &drafts, options, plugins, problems);
        (name, Arc::new(theme))
    });
    Ok(assembled.collect())
}

fn report(problems: &Problems, theme: &str, file: &str, error: &Error) {
    let (line, message) = match error {
        Error::Manifest { line, message, .. } => (Some(*line), message.clone()),
        other => (None, other.to_string()),
    };
    problems.report(Problem {
        theme: theme.into(),
        file: format!("{theme}/{file}"),
        line,
        message,
    });
}

fn draft(name: &str, files: &Files, problems: &Problems) -> Result<Draft, Error> {
    let manifest = if name == BUILT_IN {
        built_in_manifest()
    } else {
        let missing = || Error::Manifest {
            file: name.into(),
            line: 1,
            message: "there is no `theme.toml`".into(),
        };
        let file = files.get("theme.toml").ok_or_else(missing)?.read()?;
        Manifest::parse(
            &String::from_utf8_lossy(&file),
            &format!("{name}/theme.toml"),
            name,
        )?
    };
    let mut draft = Draft {
        manifest,
        templates: BTreeMap::new(),
        files: BTreeMap::new(),
    };
    for (path, file) in files {
        let content = match file.read() {
            Ok(content) => content,
            Err(error) => {
                report(problems, name, path, &error);
                continue;
            }
        };
        if let Some(template) = path
            .strip_prefix("templates/")
            .filter(|path| path.ends_with(".html"))
        {
            draft
                .templates
                .insert(template.into(), String::from_utf8_lossy(&content).into_owned());
        } else if let Some(path) = path.strip_prefix("static/") {
            let file = StaticFile::new(file.clone(), path, &content);
            draft.files.insert(path.into(), file);
        }
    }
    Ok(draft)
}

fn built_in_manifest() -> Manifest {
    Manifest {
        name: BUILT_IN.into(),
        label: "Built-in".into(),
        description: "What is shown where a theme has nothing of its own.".into(),
        version: String::new(),
        parent: None,
        slots: ["header", "content", "sidebar", "footer"]
            .map(String::from)
            .into(),
        settings: BTreeMap::new(),
        libraries: Libraries::default(),
    }
}

fn assemble(
    name: &str,
    drafts: &BTreeMap<String, Draft>,
    options: &Options,
    plugins: &PluginTemplates,
    problems: &Problems,
) -> Theme {
    let chain = chain(name, drafts, problems);
    let drafts: Vec<&Draft> = chain.iter().filter_map(|name| drafts.get(name)).collect();
    let assets = Arc::new(assets(&drafts));
    let manifest = drafts
        .first()
        .map_or_else(built_in_manifest, |draft| draft.manifest.clone());
    let settings = settings(&drafts);
    let mut environment = environment(options);
    functions::add(
        &mut environment,
        Arc::clone(&assets),
        options.time_zone.clone(),
        options.site_url.clone(),
    );
    environment.add_global("theme", context! { name, settings });
    let names = Arc::new(compile(&mut environment, &drafts, plugins, problems));
    let joining = Arc::clone(&names);
    environment.set_path_join_callback(move |name, from| joining.join(name, from));
    let mut files = drafts
        .first()
        .map(|draft| draft.files.clone())
        .unwrap_or_default();
    let address = |path: &String| functions::asset(path, &assets);
    let js = library(&drafts, |libraries| &libraries.js)
        .into_iter()
        .map(address)
        .collect();
    let sheets = library(&drafts, |libraries| &libraries.css);
    let bundle = (!options.development)
        .then(|| bundled(&drafts, &sheets))
        .flatten();
    let css = match bundle {
        Some(bundle) => {
            let address = format!("/theme/{name}/{}?v={}", bundle::PATH, bundle.hash);
            files.insert(bundle::PATH.to_owned(), bundle);
            vec![address]
        }
        None => sheets.into_iter().map(address).collect(),
    };
    Theme {
        manifest,
        parent: chain.get(1).cloned(),
        environment,
        names,
        files,
        css,
        js,
    }
}

/// The files of one kind that a theme and those that it builds on link to, each once.
fn library<'a>(drafts: &[&'a Draft], of: fn(&Libraries) -> &Vec<String>) -> Vec<&'a String> {
    let listed = drafts
        .iter()
        .rev()
        .flat_map(|draft| of(&draft.manifest.libraries));
    let mut seen = BTreeSet::new();
    listed.filter(|path| seen.insert(*path)).collect()
}

/// The style sheets as one file; none where one of them is missing, or they can't be put together.
fn bundled(drafts: &[&Draft], sheets: &[&String]) -> Option<StaticFile> {
    let find = |path: &&String| drafts.iter().find_map(|draft| draft.files.get(*path));
    let found: Option<Vec<&StaticFile>> = sheets.iter().map(find).collect();
    bundle::of(&found?)
}

/// A theme, its parent, and so on; the built-in templates last.
fn chain(name: &str, drafts: &BTreeMap<String, Draft>, problems: &Problems) -> Vec<String> {
    let mut chain = vec![name.to_owned()];
    let mut current = name;
    while let Some(parent) = drafts
        .get(current)
        .and_then(|draft| draft.manifest.parent.as_deref())
    {
        let message = if !drafts.contains_key(parent) {
            format!("there is no theme `{parent}` to build on")
        } else if chain.iter().any(|theme| theme == parent) {
            format!("`{parent}` builds on this theme itself")
        } else {
            chain.push(parent.to_owned());
            current = parent;
            continue;
        };
        problems.report(Problem {
            theme: current.into(),
            file: format!("{current}/theme.toml"),
            line: None,
            message,
        });
        break;
    }
    if !chain.iter().any(|theme| theme == BUILT_IN) {
        chain.push(BUILT_IN.into());
    }
    chain
}

fn assets(drafts: &[&Draft]) -> Assets {
    let mut assets = Assets::new();
    for draft in drafts.iter().rev() {
        for (path, file) in &draft.files {
            assets.insert(path.clone(), (draft.manifest.name.clone(), file.hash.clone()));
        }
    }
    assets
}

fn settings(drafts: &[&Draft]) -> Value {
    let all = drafts.iter().rev().flat_map(|draft| &draft.manifest.settings);
    Value::from(Serde(all.collect::<BTreeMap<_, _>>()))
}

fn environment(options: &Options) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    super::escape::escaping(&mut environment);
    // Themes ask for things that are only sometimes there; a missing one is empty, however deep it lies.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(options.fuel));
    environment.set_debug(options.development);
    // It would show all variables to all visitors, and its name is that of a variable.
    environment.remove_global("debug");
    environment
}

/// Compiles all templates that a theme may use. Those that can't be read are reported and left out, so that the
/// parent's are found instead.
fn compile(
    environment: &mut Environment<'static>,
    drafts: &[&Draft],
    plugins: &PluginTemplates,
    problems: &Problems,
) -> Names {
    let mut add = |owner: &str, full_name: String, source: &str| {
        let added = environment.add_template_owned(full_name.clone(), source.to_owned());
        added
            .map_err(|error| problems.report(Problem::from_template(owner, &full_name, &error)))
            .is_ok()
    };
    let mut names = Names::default();
    for draft in drafts {
        let owner = &draft.manifest.name;
        let compiled = draft
            .templates
            .iter()
            .filter(|(name, source)| add(owner, format!("{owner}/{name}"), source));
        let templates = compiled.map(|(name, _)| name.clone()).collect();
        names.layers.push(Layer {
            owner: owner.clone(),
            templates,
        });
    }
    for (plugin, templates) in plugins.iter().filter(|(plugin, _)| is_machine_name(plugin)) {
        for (name, source) in templates {
            let full_name = format!("plugin/{plugin}/{name}");
            if add(&format!("plugin {plugin}"), full_name.clone(), source) {
                names.plugins.insert(full_name);
            }
        }
    }
    names
}

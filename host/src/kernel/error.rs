//! What can go wrong with a plugin: before it runs ([`Error`], read by its author) and while it does
//! ([`Failure`]).

use std::path::PathBuf;
use std::time::Duration;

use wasmtime::{Trap, WasmBacktrace};

use super::limits::Breach;
use super::{Call, System};

/// Why a plugin can't be loaded, or plugins can't go together.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine can't run the engine.
    #[error(
        "the WebAssembly engine can't start: {source:#}; fewer instances (`[kernel] instances`) need less address space"
    )]
    Engine {
        /// The engine's words.
        source: wasmtime::Error,
    },
    /// There is no component file.
    #[error("Plugin '{plugin}': component not found at {}; build it with `trovato plugin build {}`", path.display(), path.parent().unwrap_or(path).display())]
    Missing {
        /// The plugin.
        plugin: String,
        /// Where it was expected.
        path: PathBuf,
    },
    /// A file can't be read.
    #[error("Plugin '{plugin}': {} can't be read: {source}", path.display())]
    Unreadable {
        /// The plugin.
        plugin: String,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A core module instead of a component.
    #[error(
        "Plugin '{plugin}': {file} is a core WebAssembly module, and a component was expected; build it with \
         `trovato plugin build`, or link it with `-Clinker=wasm-component-ld`"
    )]
    CoreModule {
        /// The plugin.
        plugin: String,
        /// The file.
        file: String,
    },
    /// No WebAssembly at all, or a damaged component.
    #[error(
        "Plugin '{plugin}': {file} is not a valid component: {detail}; build it again with `trovato plugin build`"
    )]
    Invalid {
        /// The plugin.
        plugin: String,
        /// The file.
        file: String,
        /// The decoder's words.
        detail: String,
    },
    /// Built against an incompatible version of the contract.
    #[error(
        "Plugin '{plugin}' was built against trovato:kernel {found}, and this host serves {served}; set \
         `wit = \"{served}\"` in its plugin.toml and rebuild it with the SDK of that version"
    )]
    WitVersion {
        /// The plugin.
        plugin: String,
        /// What it was built against.
        found: String,
        /// What the host serves.
        served: String,
    },
    /// A function or type has another shape than the host's.
    #[error(
        "Plugin '{plugin}': '{name}' in '{interface}' differs from the host's.\n  expected: {expected}\n  found:    {found}\n\
         Change it to what is expected and rebuild; with the Rust SDK, use the `#[tap]` macro of the host's version"
    )]
    Signature {
        /// The plugin.
        plugin: String,
        /// The interface.
        interface: String,
        /// The function or type.
        name: String,
        /// The host's, as WIT.
        expected: String,
        /// The plugin's, as WIT.
        found: String,
    },
    /// An exported tap that the host does not call.
    #[error("Plugin '{plugin}' exports '{export}', which is no tap of this host{}", suggestion(nearest.as_deref()))]
    UnknownTap {
        /// The plugin.
        plugin: String,
        /// What it exports.
        export: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// An import that the host does not offer.
    #[error(
        "Plugin '{plugin}' imports '{import}', which this host does not have{}; a plugin has no file system, no \
         sockets and no environment, only the interfaces of trovato:kernel and, of WASI 0.2, clocks, randomness and \
         output",
        suggestion(nearest.as_deref())
    )]
    UnknownImport {
        /// The plugin.
        plugin: String,
        /// What it imports.
        import: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// An import that has to be asked for by name and was not.
    #[error(
        "Plugin '{plugin}' imports '{import}', which it was not granted; add `{import} = true` to `[grants]` in its \
         plugin.toml, and an administrator will be asked to agree"
    )]
    UngrantedImport {
        /// The plugin.
        plugin: String,
        /// What it imports.
        import: String,
    },
    /// Its imports can't be resolved.
    #[error("Plugin '{plugin}': {import} can't be linked: {detail}")]
    Link {
        /// The plugin.
        plugin: String,
        /// The import.
        import: String,
        /// The linker's words.
        detail: String,
    },
    /// It does not compile.
    #[error("Plugin '{plugin}' can't be compiled: {detail}")]
    Compile {
        /// The plugin.
        plugin: String,
        /// The compiler's words.
        detail: String,
    },
    /// Its manifest is wrong.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A plugin that it depends on is not there.
    #[error("Plugin '{plugin}' requires '{requires}' which is not enabled")]
    MissingDependency {
        /// The plugin.
        plugin: String,
        /// What it requires.
        requires: String,
    },
    /// A plugin that it depends on has another version.
    #[error("Plugin '{plugin}' requires '{requires}' {range}, and {found} is enabled")]
    DependencyVersion {
        /// The plugin.
        plugin: String,
        /// What it requires.
        requires: String,
        /// In which versions.
        range: semver::VersionReq,
        /// The version that is there.
        found: semver::Version,
    },
    /// Plugins depend on each other in a circle.
    #[error("Circular dependency detected: {}", cycle.join(" → "))]
    CircularDependency {
        /// The circle; the first name is also the last.
        cycle: Vec<String>,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean '{name}'?"))
        .unwrap_or_default()
}

/// Why a call of a plugin gave no answer. The call costs only that plugin's contribution.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The guest trapped.
    #[error("{}{}", panic.as_ref().unwrap_or(trap), if backtrace.is_empty() { String::new() } else { format!("\n{}", backtrace.join("\n")) })]
    Trap {
        /// What the guest said last, if it was a panic.
        panic: Option<String>,
        /// The engine's words.
        trap: String,
        /// The guest's functions, innermost first.
        backtrace: Vec<String>,
    },
    /// Too much time on the processor.
    #[error(
        "it ran for more than {limit:?} of processor time; the limit is `[limits]` in the site's configuration"
    )]
    Cpu {
        /// The limit.
        limit: Duration,
    },
    /// Too much time in all.
    #[error("it took longer than {limit:?}, waiting included")]
    WallTime {
        /// The limit.
        limit: Duration,
    },
    /// Too much memory.
    #[error(
        "it asked for {} MiB of memory, and the limit is {} MiB; raise it by `memory-mib` in `[grants]` of its plugin.toml",
        asked.div_ceil(1 << 20), limit >> 20
    )]
    Memory {
        /// What it asked for, in bytes.
        asked: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Too large a table.
    #[error("it asked for a table of {asked} elements, and the limit is {limit}")]
    Table {
        /// What it asked for.
        asked: usize,
        /// The limit.
        limit: usize,
    },
    /// Too deep a recursion.
    #[error("it ran out of stack: its recursion is too deep")]
    Stack,
    /// Too many calls of the host.
    #[error("it called the host more than {limit} times; fetch more at once, by `snapshot` or a query")]
    HostCalls {
        /// The limit.
        limit: u32,
    },
    /// Too much output.
    #[error("it passed more than {} MiB to the host in one call", limit >> 20)]
    Output {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Calls nest too deep.
    #[error("calls from plugin to plugin nest deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The export does not have the type that the host calls.
    #[error("its signature is not what the host calls: {detail}")]
    Signature {
        /// The engine's words.
        detail: String,
    },
    /// The plugin does not export the tap.
    #[error("it does not export the tap")]
    NotExported,
    /// A host function panicked.
    #[error("a function of the host failed while it ran; this is a bug of Trovato")]
    HostPanic,
    /// It has failed earlier in this request.
    #[error("it has failed earlier in this request")]
    Out,
    /// It is suspended after repeated failures.
    #[error("it is suspended after repeated failures")]
    Suspended,
}

impl From<Breach> for Failure {
    fn from(breach: Breach) -> Self {
        match breach {
            Breach::Cpu(limit) => Self::Cpu { limit },
            Breach::Memory { asked, limit } => Self::Memory { asked, limit },
            Breach::Table { asked, limit } => Self::Table { asked, limit },
            Breach::HostCalls(limit) => Self::HostCalls { limit },
        }
    }
}

impl Failure {
    pub(super) fn of_trap<S: System>(error: &wasmtime::Error, call: &Call<S>) -> Self {
        if let Some(breach) = call.meter.breach() {
            return breach.into();
        }
        if matches!(error.downcast_ref::<Trap>(), Some(Trap::StackOverflow)) {
            return Self::Stack;
        }
        let trap = error.root_cause().to_string();
        if trap.contains("fuel") {
            return Self::Output {
                limit: call.meter.output_limit(),
            };
        }
        let backtrace = error
            .downcast_ref::<WasmBacktrace>()
            .map(frames)
            .unwrap_or_default();
        Self::Trap {
            panic: call.last_words.clone(),
            trap,
            backtrace,
        }
    }
}

/// The guest's functions on the stack, without the machinery of panics.
fn frames(backtrace: &WasmBacktrace) -> Vec<String> {
    const SHOWN: usize = 12;
    const MACHINERY: [&str; 7] = [
        "core::panicking",
        "std::panicking",
        "core::option::",
        "core::result::",
        "rust_panic",
        "__rust",
        "cabi_",
    ];
    let names = backtrace.frames().iter().filter_map(|frame| {
        let name = format!("{:#}", rustc_demangle::demangle(frame.func_name()?));
        (!MACHINERY.iter().any(|part| name.contains(part))).then(|| format!("    at {name}"))
    });
    names.take(SHOWN).collect()
}

//! Says in the site's log where a plugin panicked, before the panic ends the call.

/// Installs the panic hook, once per instance. Every tap does this on entry.
///
/// Outside a component panics stay as they are, so that tests of a plugin fail as usual.
pub(crate) fn report_to_log() {
    #[cfg(target_arch = "wasm32")]
    {
        static HOOK: std::sync::Once = std::sync::Once::new();
        HOOK.call_once(|| std::panic::set_hook(Box::new(report)));
    }
}

#[cfg(target_arch = "wasm32")]
fn report(panic: &std::panic::PanicHookInfo<'_>) {
    use crate::log::{Level, write};

    let message = panic.payload_as_str().unwrap_or("a panic without a message");
    match panic.location() {
        Some(place) => {
            write(
                Level::Error,
                &format!("panicked at {}:{}: {message}", place.file(), place.line()),
                &[],
            );
        }
        None => write(Level::Error, &format!("panicked: {message}"), &[]),
    }
}

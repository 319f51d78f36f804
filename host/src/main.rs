//! The `trovato` program.

use std::process::ExitCode;

/// Pages are made of many small pieces of memory, on several threads; the system's allocator is slow at that and
/// gives little of it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Memory is taken and given back in small pages. In huge ones a server holds twice of what it uses, since each of
/// its threads begins a few of its own.
#[cfg(target_os = "linux")]
fn take_small_pages() {
    // A kernel that does not know the setting makes a server that is only larger.
    rustix::thread::disable_transparent_huge_pages(true).ok();
}

#[cfg(not(target_os = "linux"))]
fn take_small_pages() {}

fn main() -> ExitCode {
    take_small_pages();
    trovato::cli::run()
}

//! What tests leave behind: a server or a browser whose test died. On Linux such processes become children
//! of this one, which ends them; elsewhere the system adopts them and they are out of reach.

#[cfg(target_os = "linux")]
pub use linux::Descendants;

#[cfg(not(target_os = "linux"))]
pub struct Descendants;

#[cfg(not(target_os = "linux"))]
impl Descendants {
    pub fn adopt() -> Self {
        Self
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait};

    use crate::progress;

    /// How long they may take to end by themselves.
    const GRACE: Duration = Duration::from_secs(3);
    /// Killed processes end at once, unless the disk hangs.
    const LIMIT: Duration = Duration::from_secs(10);

    /// Ends every process that descends from this one and outlived its parent, when dropped.
    ///
    /// Make it before, and so drop it after, the guards of the processes that are meant to run.
    pub struct Descendants;

    impl Descendants {
        /// From now on orphans below this process become its children.
        pub fn adopt() -> Self {
            // A kernel without it leaves orphans to the system, as elsewhere.
            let _ = set_child_subreaper(Some(getpid()));
            Self
        }
    }

    impl Drop for Descendants {
        fn drop(&mut self) {
            reap();
            let left = children();
            if left.is_empty() {
                return;
            }
            progress::step(&format!("ending what the tests left running: {}", names(&left)));
            let start = Instant::now();
            // Ending a process hands its own children to this one: ask again until there is none.
            while start.elapsed() < LIMIT {
                let left = children();
                if left.is_empty() {
                    return;
                }
                let signal = if start.elapsed() < GRACE {
                    Signal::TERM
                } else {
                    Signal::KILL
                };
                for pid in left {
                    let _ = kill_process(pid, signal);
                }
                thread::sleep(Duration::from_millis(50));
                reap();
            }
        }
    }

    /// Takes leave of the children that have ended.
    fn reap() {
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
    }

    fn children() -> Vec<Pid> {
        let Ok(threads) = fs::read_dir("/proc/self/task") else {
            return Vec::new();
        };
        threads
            .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok())
            .flat_map(|line| parse(&line))
            .collect()
    }

    /// Reads a line of process numbers: proc(5), `/proc/pid/task/tid/children`.
    fn parse(line: &str) -> Vec<Pid> {
        line.split_whitespace()
            .filter_map(|number| Pid::from_raw(number.parse().ok()?))
            .collect()
    }

    fn names(pids: &[Pid]) -> String {
        let names = pids.iter().map(|pid| {
            let number = pid.as_raw_nonzero();
            let name = fs::read_to_string(format!("/proc/{number}/comm")).unwrap_or_default();
            format!("{} ({number})", name.trim())
        });
        names.collect::<Vec<_>>().join(", ")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_line_of_children_is_read() {
            let numbers: Vec<_> = parse("12 345 \n").into_iter().map(Pid::as_raw_nonzero).collect();

            assert_eq!(
                numbers.iter().map(|number| number.get()).collect::<Vec<_>>(),
                [12, 345]
            );
        }

        #[test]
        fn an_empty_line_has_no_children() {
            assert!(parse("").is_empty());
        }
    }
}

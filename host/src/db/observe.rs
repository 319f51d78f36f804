//! The hook through which statements are counted and timed, without this module knowing who does so.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Is told of every statement when it ends.
pub trait Observe: Send + Sync {
    /// `name` is that of the statement, `"unnamed"` if it has none; `took` runs from the wish for a connection to
    /// the last row; `ok` is false if it failed or if its caller gave up on it.
    fn statement(&self, name: &'static str, took: Duration, ok: bool);
}

/// Who observes, if anyone.
#[derive(Clone, Default)]
pub(super) struct Observer(Option<Arc<dyn Observe>>);

impl Observer {
    pub(super) fn new(observe: Option<Arc<dyn Observe>>) -> Self {
        Self(observe)
    }

    /// Begins to watch a statement; it is reported when the watch is dropped.
    pub(super) fn watch(&self, name: &'static str) -> Watch {
        let running = self.0.clone().map(|observe| (observe, Instant::now()));
        Watch {
            running,
            name,
            ok: false,
        }
    }
}

/// One statement that is running.
pub(super) struct Watch {
    running: Option<(Arc<dyn Observe>, Instant)>,
    name: &'static str,
    ok: bool,
}

impl Watch {
    /// The statement has come this far with `result`: what is said last, counts.
    pub(super) fn see<T, E>(&mut self, result: Result<T, E>) -> Result<T, E> {
        self.ok = result.is_ok();
        result
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some((observe, began)) = &self.running {
            observe.statement(self.name, began.elapsed(), self.ok);
        }
    }
}

//! What the host knows while a guest runs: who called it, under which limits, and what it was lent.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

use super::limits::Meter;
use super::{Manifest, Session, System};

/// The data of a store.
pub struct Call<S: System> {
    /// The request's session, one level deeper: calls that host functions make from here nest.
    pub session: Session<S>,
    /// The plugin that runs.
    pub plugin: Arc<Manifest>,
    /// What the guest was lent.
    pub scope: S::Scope,
    /// The tap that runs.
    pub tap: &'static str,
    /// The last message that the guest logged as an error: its panic message, if it traps next.
    pub last_words: Option<String>,
    pub(super) meter: Meter,
}

impl<S: System> Call<S> {
    /// Counts a call of a host function that needs no view. The views count by themselves.
    pub fn count_host_call(&mut self) {
        self.meter.count_host_call();
    }

    /// The view for functions that answer at once.
    pub fn view<X>(&mut self) -> View<'_, X, S> {
        self.count_host_call();
        View {
            call: self,
            entered: None,
            service: PhantomData,
        }
    }

    /// The view for functions that wait for something: the time they take is not the guest's.
    pub fn waiting_view<X>(&mut self) -> View<'_, X, S> {
        self.count_host_call();
        View {
            call: self,
            entered: Some(Instant::now()),
            service: PhantomData,
        }
    }
}

/// What a host function sees of a call. The generated `Host` traits are implemented on it, for the service `X`
/// that answers.
pub struct View<'a, X, S: System> {
    /// The call.
    pub call: &'a mut Call<S>,
    entered: Option<Instant>,
    service: PhantomData<X>,
}

impl<X, S: System> View<'_, X, S> {
    /// The session for calls that this one makes.
    #[must_use]
    pub fn session(&self) -> &Session<S> {
        &self.call.session
    }
}

impl<X, S: System> Drop for View<'_, X, S> {
    fn drop(&mut self) {
        if let Some(entered) = self.entered {
            self.call.meter.wait(entered.elapsed());
        }
    }
}

//! Taps: extension points that plugins answer, and the ways in which answers combine.

use std::sync::Arc;

use wasmtime::component::{ComponentNamedList, Lift, Lower};

use super::limits::Budget;
use super::{Failure, Plugin, Session, System};

/// An extension point.
pub trait Tap: Send + Sync + 'static {
    /// Its name, such as `item-view`: the function in the interface `trovato:kernel/tap-item-view`.
    const NAME: &'static str;
    /// Its place in the list of taps.
    const SLOT: usize;
    /// The time limits of its calls.
    const BUDGET: Budget;
    /// The arguments as a tuple.
    type Params: ComponentNamedList + Lower + Send + Sync + 'static;
    /// The result as a tuple of one.
    type Return: ComponentNamedList + Lift + Send + Sync + 'static;
}

/// The arguments of a tap for several plugins in turn, with the records behind the handles among them.
pub trait Input<S: System, T: Tap>: Send {
    /// Lends the guest what the arguments refer to, and makes the arguments.
    fn enter(&mut self, scope: &mut S::Scope) -> T::Params;
    /// Takes back what was lent. Where the call failed, its changes are undone.
    fn leave(&mut self, scope: &mut S::Scope, succeeded: bool);
}

/// Arguments that refer to nothing.
pub struct Plain<F>(pub F);

impl<S, T, F> Input<S, T> for Plain<F>
where
    S: System,
    T: Tap,
    F: FnMut() -> T::Params + Send,
{
    fn enter(&mut self, _: &mut S::Scope) -> T::Params {
        (self.0)()
    }

    fn leave(&mut self, _: &mut S::Scope, _: bool) {}
}

impl<S: System> Session<S> {
    /// Whether any enabled plugin answers the tap.
    #[must_use]
    pub fn has<T: Tap>(&self) -> bool {
        !self.registry().answering(T::SLOT).is_empty()
    }

    /// Asks every plugin and collects the answers with the plugin that gave them. Plugins that fail are left
    /// out.
    pub async fn collect<T: Tap>(&self, input: &mut impl Input<S, T>) -> Vec<(&Arc<Plugin<S>>, T::Return)> {
        let mut answers = Vec::new();
        for plugin in self.registry().implementors(T::SLOT) {
            if let Ok(answer) = self.call::<T>(plugin, input).await {
                answers.push((plugin, answer));
            }
        }
        answers
    }

    /// Hands a value through all plugins: each answer is folded into the input before the next plugin is
    /// asked. Plugins that fail are left out.
    pub async fn fold<T: Tap, I: Input<S, T>>(
        &self,
        input: &mut I,
        mut fold: impl FnMut(&mut I, &Arc<Plugin<S>>, T::Return),
    ) {
        for plugin in self.registry().implementors(T::SLOT) {
            if let Ok(answer) = self.call::<T>(plugin, input).await {
                fold(input, plugin, answer);
            }
        }
    }

    /// Asks plugins until one gives an answer that `pick` accepts.
    pub async fn first<T: Tap, R>(
        &self,
        input: &mut impl Input<S, T>,
        mut pick: impl FnMut(&Arc<Plugin<S>>, T::Return) -> Option<R>,
    ) -> Option<R> {
        for plugin in self.registry().implementors(T::SLOT) {
            if let Ok(answer) = self.call::<T>(plugin, input).await
                && let Some(result) = pick(plugin, answer)
            {
                return Some(result);
            }
        }
        None
    }

    /// Asks plugins until `judge` ends the round with an error. It also judges failures, so that a round can
    /// fail closed.
    ///
    /// # Errors
    /// What `judge` gave.
    pub async fn veto<T: Tap, E>(
        &self,
        input: &mut impl Input<S, T>,
        mut judge: impl FnMut(&Arc<Plugin<S>>, Result<T::Return, Failure>) -> Result<(), E>,
    ) -> Result<(), E> {
        for plugin in self.registry().implementors(T::SLOT) {
            let answer = self.call::<T>(plugin, input).await;
            judge(plugin, answer)?;
        }
        Ok(())
    }
}

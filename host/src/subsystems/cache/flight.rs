//! One at a time makes what is missing; the others wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use super::model::Key;

/// What is being made, and by which request.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Key, Flying>>>);

struct Flying {
    request: Uuid,
    /// Closes when it is made, or will not be.
    landed: watch::Receiver<()>,
}

/// Somebody makes a value. It ends with the call in which it was begun.
pub struct Flight {
    flights: Flights,
    /// The entry.
    pub key: Key,
    _landing: watch::Sender<()>,
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.key);
    }
}

/// Whose turn it is.
pub(super) enum Turn {
    /// Whoever asks makes the value.
    Yours(Flight),
    /// Another does; the end of it is told.
    Wait(watch::Receiver<()>),
    /// Whoever asks is at it already.
    Again,
}

impl Flights {
    pub fn board(&self, request: Uuid, key: &Key) -> Turn {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match flights.get(key) {
            Some(flying) if flying.request == request => Turn::Again,
            Some(flying) => Turn::Wait(flying.landed.clone()),
            None => {
                let (landing, landed) = watch::channel(());
                flights.insert(key.clone(), Flying { request, landed });
                Turn::Yours(Flight {
                    flights: self.clone(),
                    key: key.clone(),
                    _landing: landing,
                })
            }
        }
    }
}

//! Cursors: where a page of a listing ended. They are sealed, so they say nothing to whoever holds one, and can't be
//! changed; they are good for the listing that they come from and no other.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Api;
use crate::web::Error;

const PURPOSE: &str = "cursor";

impl Api {
    /// A cursor for a listing.
    ///
    /// # Errors
    /// There is no randomness.
    pub(super) fn cursor(&self, listing: &str, position: &impl Serialize) -> Result<String, Error> {
        let position = serde_json::to_vec(position).map_err(Error::internal)?;
        self.secrets
            .seal(PURPOSE, listing.as_bytes(), &position)
            .map_err(Error::internal)
    }

    /// Where a cursor of a listing points.
    ///
    /// # Errors
    /// It is none of this listing.
    pub(super) fn position<P: DeserializeOwned>(&self, listing: &str, cursor: &str) -> Result<P, Error> {
        let position = self.secrets.open(PURPOSE, listing.as_bytes(), cursor).ok();
        position
            .and_then(|position| serde_json::from_slice(&position).ok())
            .ok_or_else(|| {
                let detail = "The cursor is none that this site has given for this listing: begin again without it, \
                              and change neither filters nor order on the way.";
                Error::Bad(detail.to_owned())
            })
    }
}

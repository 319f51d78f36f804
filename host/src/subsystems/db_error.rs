//! The database's errors in the words of the web.

use crate::{db, web};

impl From<db::Error> for web::Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Busy(_) | db::Error::Timeout | db::Error::Unavailable(_) => {
                Self::Unavailable(error.to_string())
            }
            db::Error::Full(_) => Self::Full(error.to_string()),
            error => Self::internal(error),
        }
    }
}

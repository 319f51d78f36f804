//! Where in a statement something is, and how several problems are told at once.

use std::fmt;

use crate::wit::types::{Error, FieldError};

/// A place in a statement, such as `select.where.0.any-of.1.column`. It is only written out for a problem.
#[derive(Clone, Copy)]
pub struct At<'a> {
    within: Option<&'a At<'a>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Name(&'static str),
    Index(usize),
}

impl At<'_> {
    /// A whole statement.
    pub fn root(name: &'static str) -> Self {
        Self {
            within: None,
            step: Step::Name(name),
        }
    }

    /// A part of it, as the contract calls it.
    pub fn field(&self, name: &'static str) -> At<'_> {
        At {
            within: Some(self),
            step: Step::Name(name),
        }
    }

    /// A member of a list, counted from 0.
    pub fn index(&self, index: usize) -> At<'_> {
        At {
            within: Some(self),
            step: Step::Index(index),
        }
    }

    /// A problem here.
    pub fn invalid(&self, message: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError {
            path: self.to_string(),
            message: message.into(),
        }])
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            write!(f, "{within}.")?;
        }
        match self.step {
            Step::Name(name) => f.write_str(name),
            Step::Index(index) => write!(f, "{index}"),
        }
    }
}

/// Every value, or every problem. Anything but a wrong input is told alone.
pub fn all<T>(results: impl IntoIterator<Item = Result<T, Error>>) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(Error::Invalid(more)) => problems.extend(more),
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(Error::Invalid(problems))
    }
}

/// Both values, or the problems of both.
pub fn both<A, B>(first: Result<A, Error>, second: Result<B, Error>) -> Result<(A, B), Error> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(Error::Invalid(mut problems)), Err(Error::Invalid(more))) => {
            problems.extend(more);
            Err(Error::Invalid(problems))
        }
        (_, Err(error)) if !matches!(error, Error::Invalid(_)) => Err(error),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

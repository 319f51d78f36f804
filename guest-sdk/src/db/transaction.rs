//! Several statements, all or nothing.

use crate::error::Result;
use crate::wit::db::{self, Outcome, Statement};

/// Runs the statements that the function adds, in order, in one transaction; at most 100. Gives the outcome of each.
///
/// Nothing runs before the function has returned: a statement can't depend on the result of an earlier one.
pub fn transaction(collect: impl FnOnce(&mut Transaction)) -> Result<Vec<Outcome>> {
    let mut transaction = Transaction::default();
    collect(&mut transaction);
    Ok(db::run(&transaction.statements)?)
}

/// The statements of a [`transaction`].
#[derive(Debug, Default)]
pub struct Transaction {
    statements: Vec<Statement>,
}

impl Transaction {
    /// Adds a statement.
    pub fn add(&mut self, statement: impl Into<Statement>) {
        self.statements.push(statement.into());
    }
}

//! SQL as text, for the rare plugin that can't do without: needs `raw-sql = true` in the manifest's `[grants]`.

use super::Value;
use crate::error::Result;
use crate::wit::raw_sql;

/// Runs a query with `$1`, `$2` … bound to the parameters; at most 1,000 rows. The text must suit the site's
/// database.
pub fn query_sql(sql: &str, parameters: &[Value]) -> Result<Vec<Vec<Value>>> {
    Ok(raw_sql::query(sql, parameters)?)
}

/// Runs a statement; gives how many rows it wrote.
pub fn execute_sql(sql: &str, parameters: &[Value]) -> Result<u64> {
    Ok(raw_sql::execute(sql, parameters)?)
}

//! A statement before it meets a backend: fixed text with bound parameters, or a sea-query tree that is rendered
//! for the backend at run time.

use std::borrow::Cow;

use sea_query::{
    DeleteStatement, IndexCreateStatement, InsertStatement, PostgresQueryBuilder, QueryStatementWriter,
    SchemaStatementBuilder, SelectStatement, SqliteQueryBuilder, TableAlterStatement, TableCreateStatement,
    TableDropStatement, UpdateStatement, Value, Values, WithQuery,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr, Sqlite};

use super::{Backend, Error, Result};

/// One statement and its parameters.
#[derive(Clone, Debug)]
pub struct Statement {
    name: &'static str,
    text: Text,
}

#[derive(Clone, Debug)]
enum Text {
    Fixed(Cow<'static, str>, Vec<Value>),
    Select(Box<SelectStatement>),
    Insert(Box<InsertStatement>),
    Update(Box<UpdateStatement>),
    Delete(Box<DeleteStatement>),
    With(Box<WithQuery>),
    CreateTable(Box<TableCreateStatement>),
    AlterTable(Box<TableAlterStatement>),
    DropTable(Box<TableDropStatement>),
    CreateIndex(Box<IndexCreateStatement>),
}

/// Fixed text for both backends, its parameters written `$1`, `$2`, …, each as often as wanted.
///
/// ```ignore
/// db.fetch_optional::<User>(sql("SELECT * FROM account WHERE name = $1", (name,)).named("user.find")).await?
/// ```
pub fn sql(text: &'static str, params: impl IntoParams) -> Statement {
    Statement::new(Text::Fixed(text.into(), params.into_params()))
}

/// Text that was made at run time, otherwise as [`sql`]. Whoever calls it answers for it: every name in it is the
/// kernel's own or checked, every value is a parameter.
pub fn trusted_sql(text: String, params: impl IntoParams) -> Statement {
    Statement::new(Text::Fixed(text.into(), params.into_params()))
}

impl Statement {
    fn new(text: Text) -> Self {
        Self {
            name: "unnamed",
            text,
        }
    }

    /// Names the statement for metrics and traces: `subject.verb`, such as `item.load`.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// The SQL text and the parameters, as `backend` gets them.
    ///
    /// # Errors
    /// [`Error::Other`] if a parameter is a number above `i64::MAX`: neither backend has a type for it.
    pub(super) fn render(self, backend: Backend) -> Result<Query> {
        let reads = self.text.only_reads();
        let (text, values) = match self.text {
            Text::Fixed(text, values) => (AssertSqlSafe(text).into_sql_str(), Values(values)),
            Text::Select(tree) => build(*tree, backend),
            Text::Insert(tree) => build(*tree, backend),
            Text::Update(tree) => build(*tree, backend),
            Text::Delete(tree) => build(*tree, backend),
            Text::With(tree) => build(*tree, backend),
            Text::CreateTable(tree) => build_schema(&*tree, backend),
            Text::AlterTable(tree) => build_schema(&*tree, backend),
            Text::DropTable(tree) => build_schema(&*tree, backend),
            Text::CreateIndex(tree) => build_schema(&*tree, backend),
        };
        if values.iter().any(is_too_large) {
            return Err(Error::Other(
                "a parameter is above the largest 64-bit integer".into(),
            ));
        }
        Ok(Query {
            name: self.name,
            text,
            values: SqlxValues(values),
            reads,
        })
    }
}

fn build(tree: impl QueryStatementWriter, backend: Backend) -> (SqlStr, Values) {
    let (text, values) = match backend {
        Backend::Sqlite => tree.build(SqliteQueryBuilder),
        Backend::Postgres => tree.build(PostgresQueryBuilder),
    };
    // The builder quotes every name and binds every value.
    (AssertSqlSafe(text).into_sql_str(), values)
}

fn build_schema(tree: &impl SchemaStatementBuilder, backend: Backend) -> (SqlStr, Values) {
    let text = match backend {
        Backend::Sqlite => tree.build(SqliteQueryBuilder),
        Backend::Postgres => tree.build(PostgresQueryBuilder),
    };
    // The builder quotes every name; such a statement has no values.
    (AssertSqlSafe(text).into_sql_str(), Values(Vec::new()))
}

fn is_too_large(value: &Value) -> bool {
    matches!(value, Value::BigUnsigned(Some(number)) if i64::try_from(*number).is_err())
}

impl Text {
    /// Whether a read-only connection can run it. When in doubt it can't: that costs a turn on the writer, no more.
    fn only_reads(&self) -> bool {
        match self {
            Self::Select(_) => true,
            Self::Fixed(text, _) => fixed_only_reads(text),
            Self::Insert(_) | Self::Update(_) | Self::Delete(_) | Self::With(_) => false,
            Self::CreateTable(_) | Self::AlterTable(_) | Self::DropTable(_) | Self::CreateIndex(_) => false,
        }
    }
}

fn fixed_only_reads(text: &str) -> bool {
    let mut words = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty());
    let is = |word: &str, keyword: &str| word.eq_ignore_ascii_case(keyword);
    match words.next() {
        Some(first) if is(first, "select") => true,
        Some(first) if is(first, "with") => {
            !words.any(|word| is(word, "insert") || is(word, "update") || is(word, "delete"))
        }
        _ => false,
    }
}

/// A statement in the words of one backend.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) name: &'static str,
    pub(super) text: SqlStr,
    pub(super) values: SqlxValues,
    /// Whether it can run on a read-only connection.
    pub(super) reads: bool,
}

#[expect(clippy::disallowed_methods, reason = "this module knows sqlx")]
impl Query {
    pub(super) fn for_sqlite(self) -> sqlx::query::Query<'static, Sqlite, SqlxValues> {
        sqlx::query_with(self.text, self.values)
    }

    pub(super) fn for_postgres(self) -> sqlx::query::Query<'static, Postgres, SqlxValues> {
        sqlx::query_with(self.text, self.values)
    }
}

impl From<&'static str> for Statement {
    fn from(text: &'static str) -> Self {
        sql(text, ())
    }
}

macro_rules! from_tree {
    ($($tree:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$tree> for Statement {
            fn from(tree: $tree) -> Self {
                Self::new(Text::$variant(Box::new(tree)))
            }
        }

        /// Takes the tree out of the builder chain it was made in.
        impl From<&mut $tree> for Statement {
            fn from(tree: &mut $tree) -> Self {
                tree.take().into()
            }
        }
    )+};
}

from_tree!(
    SelectStatement => Select,
    InsertStatement => Insert,
    UpdateStatement => Update,
    DeleteStatement => Delete,
    TableCreateStatement => CreateTable,
    TableAlterStatement => AlterTable,
    TableDropStatement => DropTable,
    IndexCreateStatement => CreateIndex,
);

impl From<WithQuery> for Statement {
    fn from(tree: WithQuery) -> Self {
        Self::new(Text::With(Box::new(tree)))
    }
}

/// The parameters of a fixed text: a tuple of values, `()` for none, or a list of [`Value`].
pub trait IntoParams {
    /// The values in the order of `$1`, `$2`, ….
    fn into_params(self) -> Vec<Value>;
}

impl IntoParams for Vec<Value> {
    fn into_params(self) -> Vec<Value> {
        self
    }
}

impl IntoParams for () {
    fn into_params(self) -> Vec<Value> {
        Vec::new()
    }
}

macro_rules! tuple_params {
    ($($name:ident)+) => {
        impl<$($name: Into<Value>),+> IntoParams for ($($name,)+) {
            #[allow(non_snake_case, reason = "a variable is named as its type parameter")]
            fn into_params(self) -> Vec<Value> {
                let ($($name,)+) = self;
                vec![$($name.into()),+]
            }
        }
    };
}

tuple_params!(A);
tuple_params!(A B);
tuple_params!(A B C);
tuple_params!(A B C D);
tuple_params!(A B C D E);
tuple_params!(A B C D E F);
tuple_params!(A B C D E F G);
tuple_params!(A B C D E F G H);
tuple_params!(A B C D E F G H I);
tuple_params!(A B C D E F G H I J);
tuple_params!(A B C D E F G H I J K);
tuple_params!(A B C D E F G H I J K L);
tuple_params!(A B C D E F G H I J K L M);
tuple_params!(A B C D E F G H I J K L M N);
tuple_params!(A B C D E F G H I J K L M N O);
tuple_params!(A B C D E F G H I J K L M N O P);

#[cfg(test)]
#[path = "tests/statement.rs"]
mod tests;

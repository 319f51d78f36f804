//! The words in which the backends differ, each written once.
//!
//! | need | how |
//! | --- | --- |
//! | JSON of a field | [`json`], [`json_text`], [`json_numeric`], [`json_boolean`], [`json_id`] |
//! | a value in a JSON list, all of them | [`json_list_contains`], [`json_list`] |
//! | a reference, alone or in a list | [`json_refers_to`] |
//! | text regardless of case | [`contains`], [`starts_with`]: wildcards in what is sought are literal |
//! | sums, averages | [`as_bigint`], [`as_double`]: Postgres makes `numeric` of them, which no row type reads |
//! | order | [`order_nulls_last`], [`by_code_points`]: the defaults differ |
//! | rows by their identifiers | [`unindexed`]: SQLite's planner must not take a column with one value for rare |
//! | claiming a job | [`claim`]: nodes on Postgres pass each other by, SQLite has one writer |
//!
//! Nothing is needed for these, the same on both: upserts, `ON CONFLICT (k) DO UPDATE SET a = excluded.a RETURNING …`
//! with the table's name before its own columns; `WITH RECURSIVE`; `CAST(x AS bigint)`. Ids are always bound.

use sea_query::{
    BinOper, Expr, ExprTrait, Func, LikeExpr, LockBehavior, LockType, NullOrdering, Order, Query,
    SelectStatement,
};

use super::{Backend, ColumnKind};

/// The way to a value inside JSON: names of members and positions in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    parents: Vec<Step>,
    last: Step,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Position(i32),
}

impl Path {
    /// Reads `price`, `address.city` or `tags.0`: letters, digits, `_` and `-` between dots, a position where there
    /// are only digits. None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = text.split('.').map(Step::parse).collect::<Option<Vec<_>>>()?;
        let last = steps.pop()?;
        Some(Self { parents: steps, last })
    }
}

impl Step {
    fn parse(text: &str) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if text.is_empty() || !text.chars().all(is_name) {
            return None;
        }
        if text.chars().all(|c| c.is_ascii_digit()) {
            return text.parse().ok().map(Self::Position);
        }
        Some(Self::Member(text.to_owned()))
    }

    /// A literal, so that an index on the expression is found.
    fn literal(&self) -> Expr {
        match self {
            Self::Member(name) => Expr::Constant(name.as_str().into()),
            Self::Position(at) => Expr::Constant((*at).into()),
        }
    }
}

/// The JSON at `path` of `fields`, as JSON.
pub fn json(fields: impl Into<Expr>, path: &Path) -> Expr {
    arrow(parent(fields, path), "->", &path.last)
}

/// The JSON object without one of its members.
pub fn json_without(backend: Backend, object: impl Into<Expr>, member: &str) -> Expr {
    let object = object.into();
    match backend {
        Backend::Sqlite => {
            let path = format!("$.\"{}\"", member.replace(['"', '\\'], ""));
            Expr::cust_with_exprs("json_remove(?, ?)", [object, Expr::val(path)])
        }
        Backend::Postgres => Expr::cust_with_exprs("$1 - CAST($2 AS text)", [object, Expr::val(member)]),
    }
}

/// The value at `path` as text: a string's content, a number's digits.
pub fn json_text(fields: impl Into<Expr>, path: &Path) -> Expr {
    cast(arrow(parent(fields, path), "->>", &path.last), "text")
}

/// The number at `path`, also one that is written as a string; null for anything else.
pub fn json_numeric(backend: Backend, fields: impl Into<Expr>, path: &Path) -> Expr {
    let fields = fields.into();
    let (value, text) = (json(fields.clone(), path), json_text(fields, path));
    match backend {
        Backend::Sqlite => Expr::cust_with_exprs(
            "CASE json_type(?) WHEN 'integer' THEN CAST(? AS numeric) WHEN 'real' THEN CAST(? AS numeric) \
             WHEN 'text' THEN CASE WHEN ? GLOB '*[0-9]*' AND ltrim(?, '-') NOT GLOB '*[^0-9.]*' \
             THEN CAST(? AS numeric) END END",
            [
                value,
                text.clone(),
                text.clone(),
                text.clone(),
                text.clone(),
                text,
            ],
        ),
        Backend::Postgres => Expr::cust_with_exprs(
            "CASE WHEN $1 ~ '^-?[0-9]+([.][0-9]+)?$' THEN CAST($1 AS numeric) END",
            [text],
        ),
    }
}

/// Whether the value at `path` is `true`; null if there is none.
pub fn json_boolean(fields: impl Into<Expr>, path: &Path) -> Expr {
    cast(json(fields, path), "text").eq(Expr::Constant("true".into()))
}

/// The identifier that is written as text at `path`, to be compared with an id; null for anything else.
pub fn json_id(backend: Backend, fields: impl Into<Expr>, path: &Path) -> Expr {
    let text = json_text(fields, path);
    match backend {
        Backend::Sqlite => Expr::cust_with_exprs(
            "CASE WHEN length(?) = 36 THEN unhex(replace(?, '-', '')) END",
            [text.clone(), text],
        ),
        Backend::Postgres => Expr::cust_with_exprs(
            "CASE WHEN $1 ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' THEN CAST($1 AS uuid) END",
            [text],
        ),
    }
}

/// Whether the list at `path` has the text `value` in it, or is that text.
pub fn json_list_contains(backend: Backend, fields: impl Into<Expr>, path: &Path, value: &str) -> Expr {
    let list = json(fields, path);
    match backend {
        Backend::Sqlite => Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM json_each(?) AS entry WHERE entry.type = 'text' AND entry.value = ?)",
            [list, Expr::val(value)],
        ),
        Backend::Postgres => list.binary(
            BinOper::Custom("@>"),
            Expr::cust_with_exprs("to_jsonb(CAST($1 AS text))", [Expr::val(value)]),
        ),
    }
}

/// The texts in the list at `path`, or the one that is there instead of a list, as the column `value` of a
/// sub-query: for `IN`, or to be joined.
pub fn json_list(backend: Backend, fields: impl Into<Expr>, path: &Path) -> SelectStatement {
    let list = json(fields, path);
    let entries = match backend {
        Backend::Sqlite => Func::cust("json_each").arg(list),
        Backend::Postgres => Func::cust("jsonb_array_elements_text").arg(Expr::cust_with_exprs(
            "CASE WHEN jsonb_typeof($1) = 'array' THEN $1 WHEN jsonb_typeof($1) <> 'null' \
             THEN jsonb_build_array($1) END",
            [list],
        )),
    };
    let value = cast(Expr::col(("entry", "value")), "text");
    Query::select()
        .expr_as(value, "value")
        .from_function(entries, "entry")
        .take()
}

/// Whether `text` has `sought` in it, regardless of case.
pub fn contains(backend: Backend, text: impl Into<Expr>, sought: &str) -> Expr {
    matches(backend, text.into(), sought, true)
}

/// Whether `text` begins with `sought`, regardless of case.
pub fn starts_with(backend: Backend, text: impl Into<Expr>, sought: &str) -> Expr {
    matches(backend, text.into(), sought, false)
}

/// SQLite's `lower` and `LIKE` know the case of ASCII only, so there the pattern itself offers both cases of every
/// other letter, which takes `GLOB`.
fn matches(backend: Backend, text: Expr, sought: &str, anywhere: bool) -> Expr {
    let text = Expr::from(Func::lower(text));
    let sought = sought.to_lowercase();
    match backend {
        Backend::Sqlite => {
            let start = if anywhere { "*" } else { "" };
            let pattern: String = sought.chars().map(glob).collect();
            text.binary(BinOper::Custom("GLOB"), Expr::val(format!("{start}{pattern}*")))
        }
        Backend::Postgres => {
            let start = if anywhere { "%" } else { "" };
            text.like(LikeExpr::new(format!("{start}{}%", escape_like(&sought))).escape('\\'))
        }
    }
}

fn glob(letter: char) -> String {
    let mut upper = letter.to_uppercase();
    match (letter, upper.next(), upper.next()) {
        ('*' | '?' | '[', ..) => format!("[{letter}]"),
        (_, Some(upper), None) if !letter.is_ascii() && upper != letter => format!("[{letter}{upper}]"),
        _ => letter.to_string(),
    }
}

fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A whole number, such as a sum of them.
pub fn as_bigint(expr: impl Into<Expr>) -> Expr {
    cast(expr, "bigint")
}

/// An IEEE 754 double, such as an average.
pub fn as_double(expr: impl Into<Expr>) -> Expr {
    cast(expr, "double precision")
}

/// A column that no index is to be searched by. SQLite takes one value of a column for rare unless it knows better: of
/// a column that nearly all rows have the same value in, it would rather read all of them than look for the rows that
/// are asked for by their identifiers.
pub fn unindexed(backend: Backend, column: &'static str) -> Expr {
    let column = Expr::col(column);
    match backend {
        Backend::Sqlite => Expr::cust_with_exprs("+?", [column]),
        Backend::Postgres => column,
    }
}

/// Text to be compared and ordered by code points, which is SQLite's own way; Postgres would follow the locale of the
/// server.
pub fn by_code_points(backend: Backend, text: impl Into<Expr>) -> Expr {
    let text = text.into();
    match backend {
        Backend::Sqlite => text,
        Backend::Postgres => Expr::cust_with_exprs("$1 COLLATE \"C\"", [text]),
    }
}

/// Whether the reference at `path`, or one in the list there, has this as its `target_id`.
pub fn json_refers_to(backend: Backend, fields: impl Into<Expr>, path: &Path, target: &str) -> Expr {
    let value = json(fields, path);
    match backend {
        Backend::Sqlite => Expr::cust_with_exprs(
            "EXISTS (SELECT 1 FROM json_each(CASE json_type(?) WHEN 'array' THEN ? ELSE json_array(json(?)) END) \
             AS entry WHERE entry.type = 'object' AND json_extract(entry.value, '$.target_id') = ?)",
            [value.clone(), value.clone(), value, Expr::val(target)],
        ),
        Backend::Postgres => Expr::cust_with_exprs(
            "($1 @> jsonb_build_object('target_id', CAST($2 AS text)) \
             OR $1 @> jsonb_build_array(jsonb_build_object('target_id', CAST($2 AS text))))",
            [value, Expr::val(target)],
        ),
    }
}

/// Orders by `expr`, rows without it last in either direction.
pub fn order_nulls_last(
    select: &mut SelectStatement,
    expr: impl Into<Expr>,
    order: Order,
) -> &mut SelectStatement {
    select.order_by_expr_with_nulls(expr.into(), order, NullOrdering::Last)
}

/// Makes `select`, the inner part of `UPDATE … WHERE id = (SELECT … LIMIT 1) RETURNING *`, pass by the rows that
/// another node is about to claim.
pub fn claim(select: &mut SelectStatement) -> &mut SelectStatement {
    select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}

fn parent(fields: impl Into<Expr>, path: &Path) -> Expr {
    path.parents
        .iter()
        .fold(fields.into(), |json, step| arrow(json, "->", step))
}

fn arrow(json: Expr, operator: &'static str, step: &Step) -> Expr {
    json.binary(BinOper::Custom(operator), step.literal())
}

fn cast(expr: impl Into<Expr>, to: &'static str) -> Expr {
    Func::cast_as(expr, to).into()
}

/// How a transaction that can't write begins.
pub(super) fn begin_read(backend: Backend) -> &'static str {
    match backend {
        // Its connection is a read-only one.
        Backend::Sqlite => "BEGIN",
        Backend::Postgres => "BEGIN READ ONLY",
    }
}

/// The type of a column that holds values of `kind`, as [`ColumnKind`] says.
pub fn column_type(backend: Backend, kind: ColumnKind) -> &'static str {
    match (kind, backend) {
        (ColumnKind::Boolean, _) => "BOOLEAN",
        (ColumnKind::Integer | ColumnKind::Moment, _) => "BIGINT",
        (ColumnKind::Floating, _) => "DOUBLE PRECISION",
        (ColumnKind::Text, _) | (ColumnKind::Json, Backend::Sqlite) => "TEXT",
        (ColumnKind::Json, Backend::Postgres) => "JSONB",
        (ColumnKind::Bytes | ColumnKind::Id, Backend::Sqlite) => "BLOB",
        (ColumnKind::Bytes, Backend::Postgres) => "BYTEA",
        (ColumnKind::Id, Backend::Postgres) => "UUID",
    }
}

/// How a transaction that writes begins.
pub(super) fn begin_write(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "BEGIN IMMEDIATE",
        Backend::Postgres => "BEGIN",
    }
}

/// A query that finds a row if the table `$1` is there.
pub(super) fn table_exists(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SELECT CAST(1 AS bigint) FROM sqlite_master WHERE type = 'table' AND name = $1",
        Backend::Postgres => "SELECT CAST(1 AS bigint) WHERE to_regclass($1) IS NOT NULL",
    }
}

/// What keeps other nodes from migrating until the transaction ends. SQLite has one writer anyway; on Postgres a
/// migration may also take longer than a statement may elsewhere.
pub(super) fn lock_for_migration(backend: Backend) -> &'static [&'static str] {
    match backend {
        Backend::Sqlite => &[],
        Backend::Postgres => &[
            "SET LOCAL statement_timeout = 0",
            "LOCK TABLE schema_migration IN SHARE ROW EXCLUSIVE MODE",
        ],
    }
}

#[cfg(test)]
#[path = "tests/dialect.rs"]
mod tests;

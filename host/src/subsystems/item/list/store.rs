//! Listings in the database.

use sea_query::{
    Alias, Cond, Condition as Where, Expr, ExprTrait, Func, Order, Query as Sql, SelectStatement,
};
use uuid::Uuid;

use super::super::model::{Item, Revision};
use super::super::rows::Row;
use super::super::store::{self, RevisionRow, Sees};
use super::{Column, Comparison, Condition, Key, Listing, Position, RevisionPosition, Sort};
use crate::db::{self, Backend, Db, dialect, sql};
use crate::subsystems::item_type::ItemTypes;

fn position(row: &Row, sort: &[Sort]) -> Position {
    let key = |sort: &Sort| match sort.by {
        Column::Created => Key::Moment(row.created.as_millis()),
        Column::Changed => Key::Moment(row.changed.as_millis()),
        Column::Title => Key::Text(row.title.clone()),
        Column::Type => Key::Text(row.item_type.clone()),
        Column::Published => Key::Flag(row.published),
        Column::Promoted => Key::Flag(row.promoted),
        Column::Sticky => Key::Flag(row.sticky),
    };
    Position {
        keys: sort.iter().map(key).collect(),
        id: row.id,
    }
}

/// The items of a part where their content types exist, each with its position, and one more where there are more.
pub(super) async fn part(
    db: &Db,
    types: &ItemTypes,
    listing: &Listing,
    sees: Sees,
    stage: Uuid,
) -> db::Result<Vec<(Position, Option<Item>)>> {
    let backend = db.backend();
    let mut all = sees.of(stage);
    for condition in &listing.conditions {
        all = all.add(holds(backend, condition));
    }
    if let Some(after) = &listing.after {
        all = all.add(behind(backend, &listing.sort, after));
    }
    let mut ids = Sql::select();
    ids.column("id").from("item").cond_where(all);
    order(&mut ids, "item", &listing.sort, backend);
    ids.limit(u64::from(listing.limit) + 1);
    let mut select = store::wanted(ids);
    order(&mut select, store::ITEM, &listing.sort, backend);
    let rows: Vec<Row> = db
        .fetch_all(db::Statement::from(select).named("item.list"))
        .await?;
    let part = |row: Row| (position(&row, &listing.sort), row.into_item(types));
    Ok(rows.into_iter().map(part).collect())
}

fn order(select: &mut SelectStatement, table: &'static str, sort: &[Sort], backend: Backend) {
    for sort in sort {
        select.order_by_expr(column_of(table, backend, sort.by), direction(sort.descending));
    }
    let id = Expr::col((Alias::new(table), Alias::new("id")));
    select.order_by_expr(id, direction(ends_descending(sort)));
}

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

fn ends_descending(sort: &[Sort]) -> bool {
    sort.last().is_some_and(|last| last.descending)
}

fn column(backend: Backend, column: Column) -> Expr {
    column_of("item", backend, column)
}

fn column_of(table: &'static str, backend: Backend, column: Column) -> Expr {
    let of = |name: &'static str| Expr::col((Alias::new(table), Alias::new(name)));
    match column {
        Column::Created => of("created"),
        Column::Changed => of("changed"),
        Column::Title => dialect::by_code_points(backend, of("title")),
        Column::Type => dialect::by_code_points(backend, of("type")),
        Column::Published => of("published"),
        Column::Promoted => of("promoted"),
        Column::Sticky => of("sticky"),
    }
}

/// Whether a row lies behind a position: it is beyond it in one column and the same in all columns before that one.
fn behind(backend: Backend, sort: &[Sort], after: &Position) -> Where {
    let mut any = Cond::any();
    let mut same = Cond::all();
    let beyond = |column: Expr, value: Expr, descending: bool| {
        if descending {
            column.lt(value)
        } else {
            column.gt(value)
        }
    };
    for (sort, key) in sort.iter().zip(&after.keys) {
        let here = column(backend, sort.by);
        let value = match key {
            Key::Flag(flag) => Expr::val(*flag),
            Key::Moment(moment) => Expr::val(*moment),
            Key::Text(text) => Expr::val(text.as_str()),
        };
        any = any.add(
            same.clone()
                .add(beyond(here.clone(), value.clone(), sort.descending)),
        );
        same = same.add(here.eq(value));
    }
    any.add(same.add(beyond(
        Expr::col("id"),
        Expr::val(after.id),
        ends_descending(sort),
    )))
}

fn holds(backend: Backend, condition: &Condition) -> Where {
    // A field that can't be one holds nothing.
    let of_field = |field: &str, holds: &dyn Fn(&dialect::Path) -> Where| match dialect::Path::parse(field) {
        Some(path) => holds(&path),
        None => Cond::all().add(Expr::val(false)),
    };
    let fields = || Expr::col("fields");
    match condition {
        Condition::Id(ids) => Cond::all().add(Expr::col("id").is_in(ids.iter().copied())),
        Condition::Type(types) => Cond::all().add(Expr::col("type").is_in(types.iter().map(String::as_str))),
        Condition::Author(ids) => Cond::all().add(Expr::col("author_id").is_in(ids.iter().copied())),
        Condition::Flag(flag, value) => Cond::all().add(column(backend, *flag).eq(*value)),
        Condition::Moment(moment, how, value) => Cond::all().add(compare(
            column(backend, *moment),
            *how,
            Expr::val(value.as_millis()),
        )),
        Condition::Title(titles) => {
            Cond::all().add(Expr::col("title").is_in(titles.iter().map(String::as_str)))
        }
        Condition::TitleContains(text) => {
            Cond::all().add(dialect::contains(backend, Expr::col("title"), text))
        }
        Condition::Text(field, texts) => of_field(field, &|path| {
            texts.iter().fold(Cond::any(), |any, text| {
                any.add(dialect::json_list_contains(backend, fields(), path, text))
            })
        }),
        Condition::Number(field, how, number) => of_field(field, &|path| {
            let value = dialect::json_numeric(backend, fields(), path);
            Cond::all().add(compare(value, *how, Expr::val(*number)))
        }),
        Condition::Boolean(field, value) => of_field(field, &|path| {
            let is_true = dialect::json_boolean(fields(), path);
            // What was never answered is not true.
            let is_true = Expr::from(Func::coalesce([is_true, Expr::val(false)]));
            Cond::all().add(if *value { is_true } else { is_true.not() })
        }),
        Condition::Reference(field, targets) => of_field(field, &|path| {
            targets.iter().fold(Cond::any(), |any, target| {
                any.add(dialect::json_refers_to(
                    backend,
                    fields(),
                    path,
                    &target.to_string(),
                ))
            })
        }),
    }
}

fn compare(left: Expr, how: Comparison, right: Expr) -> Expr {
    match how {
        Comparison::Equal => left.eq(right),
        Comparison::NotEqual => left.ne(right),
        Comparison::Less => left.lt(right),
        Comparison::AtMost => left.lte(right),
        Comparison::Greater => left.gt(right),
        Comparison::AtLeast => left.gte(right),
    }
}

/// Revisions of an item, newest first.
pub(super) async fn revisions(
    db: &Db,
    item: Uuid,
    after: Option<RevisionPosition>,
    limit: u32,
) -> db::Result<Vec<Revision>> {
    let statement = match after {
        None => sql(
            "SELECT id, title, author_id, created, log_message FROM item_revision WHERE item_id = $1 \
             ORDER BY created DESC, id DESC LIMIT $2",
            (item, i64::from(limit)),
        ),
        Some(after) => sql(
            "SELECT id, title, author_id, created, log_message FROM item_revision WHERE item_id = $1 \
             AND (created < $2 OR created = $2 AND id < $3) ORDER BY created DESC, id DESC LIMIT $4",
            (item, after.created, after.id, i64::from(limit)),
        ),
    };
    let rows: Vec<RevisionRow> = db.fetch_all(statement.named("item.revisions-after")).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Identifiers of the items of a type in a stage, behind one of them.
pub(super) async fn ids_after(
    db: &Db,
    item_type: &str,
    stage: Uuid,
    after: Uuid,
    limit: u32,
) -> db::Result<Vec<Uuid>> {
    let statement = sql(
        "SELECT id FROM item WHERE type = $1 AND stage_id = $2 AND id > $3 ORDER BY id LIMIT $4",
        (item_type, stage, after, i64::from(limit)),
    );
    let rows: Vec<(Uuid,)> = db.fetch_all(statement.named("item.ids-after")).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

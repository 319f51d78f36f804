//! The audit in the database.

use sea_query::{Cond, Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement};
use serde_json::Value as Json;
use uuid::Uuid;

use super::model::{Filter, Record};
use crate::db::{self, Db, FromRow, Statement, dialect, sql};
use crate::time::Timestamp;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    at: Timestamp,
    action: String,
    actor_id: Uuid,
    actor: String,
    subject_type: String,
    subject_id: String,
    subject: String,
    address: String,
    details: db::Json<Json>,
}

pub(super) fn insert(record: &Record) -> Statement {
    sql(
        "INSERT INTO audit (id, at, action, actor_id, actor, subject_type, subject_id, subject, address, details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            record.id,
            record.at,
            record.action.as_str(),
            record.actor_id,
            record.actor.as_str(),
            record.subject_type.as_str(),
            record.subject_id.as_str(),
            record.subject.as_str(),
            record.address.as_str(),
            record.details.clone(),
        ),
    )
    .named("audit.insert")
}

pub(super) async fn query(db: &Db, filter: &Filter, limit: u32) -> db::Result<Vec<Record>> {
    let mut select = filtered(db, filter);
    select
        .columns([
            "id",
            "at",
            "action",
            "actor_id",
            "actor",
            "subject_type",
            "subject_id",
            "subject",
            "address",
            "details",
        ])
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit.into())
        .offset(filter.offset.into());
    let rows: Vec<Row> = db.fetch_all(Statement::from(select).named("audit.query")).await?;
    Ok(rows.into_iter().map(record).collect())
}

/// Counts what fits, up to a limit.
pub(super) async fn count(db: &Db, filter: &Filter, limit: u32) -> db::Result<u64> {
    let mut fitting = filtered(db, filter);
    fitting.column("id").limit(limit.into());
    let mut count = Query::select();
    count
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(fitting, "fitting");
    let (count,): (i64,) = db.fetch_one(Statement::from(count).named("audit.count")).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn filtered(db: &Db, filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select.from("audit");
    if let Some(action) = &filter.action {
        let below = LikeExpr::new(format!("{}.%", escape_like(action))).escape('\\');
        let is = Cond::any()
            .add(Expr::col("action").eq(action.as_str()))
            .add(Expr::col("action").like(below));
        select.cond_where(is);
    }
    if let Some(action) = &filter.exactly {
        select.and_where(Expr::col("action").eq(action.as_str()));
    }
    if let Some(text) = filter.text.as_ref().filter(|text| !text.contains('\0')) {
        let backend = db.backend();
        let anywhere = ["actor", "subject", "subject_id", "address"]
            .into_iter()
            .fold(Cond::any(), |any, column| {
                any.add(dialect::contains(backend, Expr::col(column), text))
            });
        select.cond_where(anywhere);
    }
    if let Some(actor) = filter.actor {
        select.and_where(Expr::col("actor_id").eq(actor));
    }
    if let Some(subject) = &filter.subject {
        select.and_where(Expr::col("subject_id").eq(subject.as_str()));
    }
    if let Some(from) = filter.from {
        select.and_where(Expr::col("at").gte(from));
    }
    if let Some(until) = filter.until {
        select.and_where(Expr::col("at").lt(until));
    }
    if let Some((at, id)) = filter.after {
        let older = Cond::any().add(Expr::col("at").lt(at)).add(
            Cond::all()
                .add(Expr::col("at").eq(at))
                .add(Expr::col("id").lt(id)),
        );
        select.cond_where(older);
    }
    select
}

fn record(row: Row) -> Record {
    Record {
        id: row.id,
        at: row.at,
        action: row.action,
        actor_id: row.actor_id,
        actor: row.actor,
        subject_type: row.subject_type,
        subject_id: row.subject_id,
        subject: row.subject,
        address: row.address,
        details: row.details.0,
    }
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(super) async fn actions(db: &Db) -> db::Result<Vec<String>> {
    let statement = sql("SELECT DISTINCT action FROM audit ORDER BY action LIMIT 200", ());
    let rows: Vec<(String,)> = db.fetch_all(statement.named("audit.actions")).await?;
    Ok(rows.into_iter().map(|(action,)| action).collect())
}

pub(super) async fn prune(db: &Db, before: Timestamp, limit: u32) -> db::Result<u64> {
    let statement = sql(
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)",
        (before, i64::from(limit)),
    );
    db.execute(statement.named("audit.prune")).await
}

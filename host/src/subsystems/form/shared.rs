//! What is remembered of forms, in Redis. Each verb is one script, so that of two requests with one form one is first.

use serde_json::Value as Json;

use super::store::{Build, Known, LEASE, Row};
use crate::redis::{Argument, Redis, Reply, Result};
use crate::time::Timestamp;

const LOAD: &str = "
return redis.call('HMGET', KEYS[1], 'form', 'binding', 'state', 'claimed', 'outcome', 'expires')
";

const CLAIM: &str = "
local claimed = redis.call('HGET', KEYS[1], 'claimed')
if redis.call('HEXISTS', KEYS[1], 'outcome') == 1 then return 0 end
if claimed and tonumber(claimed) > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'form', ARGV[1], 'binding', ARGV[2], 'claimed', ARGV[3])
redis.call('HSETNX', KEYS[1], 'expires', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1
";

const KEEP: &str = "
redis.call('HSET', KEYS[1], 'form', ARGV[1], 'binding', ARGV[2], 'state', ARGV[3], 'expires', ARGV[4])
redis.call('HDEL', KEYS[1], 'claimed')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
";

const RELEASE: &str = "return redis.call('HDEL', KEYS[1], 'claimed')";

/// Nothing if there is nothing: then the database has the claim.
const FINISH: &str = "
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'outcome', ARGV[1])
redis.call('HDEL', KEYS[1], 'state')
return 1
";

fn key(build: uuid::Uuid) -> String {
    format!("form:{}", build.simple())
}

fn left(build: Build<'_>, now: Timestamp) -> i64 {
    build.expires.0.saturating_sub(now.0).max(1)
}

pub(super) async fn load(redis: &Redis, build: Build<'_>, now: Timestamp) -> Result<Known> {
    let mut answer = redis
        .script(LOAD, &[&key(build.id)], Vec::new())
        .await?
        .list()
        .into_iter();
    let mut next = || answer.next().unwrap_or(Reply::Nil);
    let (form, binding) = (next().text(), next().text());
    let (state, claimed, outcome) = (next().text(), next().integer(), next().text());
    let expires = next().integer().map(Timestamp);
    let is_its_own = form.as_deref() == Some(build.form) && binding.as_deref() == Some(build.binding);
    let Some(expires) = expires.filter(|expires| is_its_own && *expires > now) else {
        return Ok(Known::default());
    };
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let row = Row {
        state: json(state),
        claimed,
        outcome: json(outcome),
        expires,
    };
    Ok(row.known(now))
}

pub(super) async fn claim(redis: &Redis, build: Build<'_>, now: Timestamp) -> Result<bool> {
    let arguments: Vec<Argument> = vec![
        build.form.into(),
        build.binding.into(),
        now.0.into(),
        now.minus(LEASE).0.into(),
        build.expires.0.into(),
        left(build, now).into(),
    ];
    let claimed = redis.script(CLAIM, &[&key(build.id)], arguments).await?;
    Ok(claimed.integer() == Some(1))
}

pub(super) async fn keep(redis: &Redis, build: Build<'_>, state: &Json, now: Timestamp) -> Result<()> {
    let arguments: Vec<Argument> = vec![
        build.form.into(),
        build.binding.into(),
        state.to_string().into(),
        build.expires.0.into(),
        left(build, now).into(),
    ];
    redis.script(KEEP, &[&key(build.id)], arguments).await.map(drop)
}

pub(super) async fn release(redis: &Redis, build: uuid::Uuid) -> Result<()> {
    redis.script(RELEASE, &[&key(build)], Vec::new()).await.map(drop)
}

/// Whether Redis has the claim.
pub(super) async fn finish(redis: &Redis, build: uuid::Uuid, ended: &Json) -> Result<bool> {
    let arguments = vec![ended.to_string().into()];
    let noted = redis.script(FINISH, &[&key(build)], arguments).await?;
    Ok(noted.integer() == Some(1))
}

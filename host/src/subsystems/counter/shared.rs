//! Counting in Redis: one script, one round trip, whichever node asks.

use std::time::Duration;

use super::model::{Decision, Limit};
use crate::redis::{Argument, Redis, Reply, Result};

/// The newest times come first. The one at the limit's place decides: while it lies in the window, there is no room.
const HIT: &str = "
local key, now, window, limit, count = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local times = redis.call('LRANGE', key, 0, limit - 1)
local taken, last = 0, now
for _, time in ipairs(times) do
    if tonumber(time) > now - window then
        taken = taken + 1
        last = tonumber(time)
    end
end
if taken >= limit then
    return {0, 0, math.max(1, last + window - now)}
end
if count then
    redis.call('LPUSH', key, now)
    redis.call('LTRIM', key, 0, limit - 1)
    redis.call('PEXPIRE', key, window)
    taken = taken + 1
end
return {1, limit - taken, math.max(1, last + window - now)}
";

/// Counts, if there is room; or only looks.
pub(super) async fn hit(redis: &Redis, key: &str, limit: Limit, now: i64, counts: bool) -> Result<Decision> {
    let key = name(key);
    let arguments: Vec<Argument> = vec![
        now.into(),
        limit.millis().into(),
        i64::from(limit.limit).into(),
        i64::from(counts).into(),
    ];
    let answer = redis.script(HIT, &[&key], arguments).await?.list();
    let number = |at: usize| answer.get(at).and_then(Reply::integer).unwrap_or(0);
    Ok(Decision {
        allowed: number(0) == 1,
        limit: limit.limit,
        remaining: u32::try_from(number(1)).unwrap_or(0),
        retry_after: Duration::from_millis(u64::try_from(number(2)).unwrap_or(1)),
    })
}

/// Forgets a key.
pub(super) async fn clear(redis: &Redis, key: &str) -> Result<()> {
    redis.del(&[&name(key)]).await.map(drop)
}

fn name(key: &str) -> String {
    format!("count:{key}")
}

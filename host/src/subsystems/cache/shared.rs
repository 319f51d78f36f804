//! The second level: Redis. Each verb is one script, so that nobody sees half of what another does.
//!
//! A sequence counts invalidations. A tag has the number of its last one, or of the moment when it was first seen; an
//! entry remembers the numbers of its tags, and counts only while they are the same. Whoever looks in vain for an entry
//! is told where the sequence was, and what is then set is refused if one of its tags has a later number, or none that
//! is known. So it does not matter which keys Redis drops when it is full, nor in which order.

use crate::redis::{Argument, Redis, Reply, Result};
use crate::time::Timestamp;

use super::model::Entry;

/// How long an entry is kept, whatever its owner says.
pub(super) const LONGEST_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a tag is remembered after it was used: longer than any entry.
const TAG_MS: i64 = LONGEST_MS + 60 * 60 * 1000;

const GET: &str = "
local function sequence()
    local known = redis.call('GET', KEYS[2])
    if known then return known end
    local time = redis.call('TIME')
    local fresh = string.format('%.0f', time[1] * 1000000 + time[2])
    redis.call('SET', KEYS[2], fresh)
    return fresh
end
local entry = redis.call('HMGET', KEYS[1], 'value', 'tags', 'expires')
if not entry[1] then return {sequence()} end
local tags = cmsgpack.unpack(entry[2])
local names = {}
for at = 1, #tags, 2 do
    if redis.call('GET', ARGV[1] .. tags[at]) ~= tags[at + 1] then
        redis.call('DEL', KEYS[1])
        return {sequence()}
    end
    names[#names + 1] = tags[at]
end
return {false, entry[1], entry[3], names}
";

const SET: &str = "
local function sequence()
    local known = redis.call('GET', KEYS[2])
    if known then return known end
    local time = redis.call('TIME')
    local fresh = string.format('%.0f', time[1] * 1000000 + time[2])
    redis.call('SET', KEYS[2], fresh)
    return fresh
end
local now, noted = sequence(), ARGV[2]
if noted == '' then noted = now end
local tags, fits = {}, true
for at = 7, #ARGV do
    local tag = ARGV[1] .. ARGV[at]
    local version = redis.call('GET', tag)
    if version then
        redis.call('PEXPIRE', tag, ARGV[6])
        if tonumber(version) > tonumber(noted) then fits = false end
    else
        redis.call('SET', tag, now, 'PX', ARGV[6])
        version = now
        if noted ~= now then fits = false end
    end
    tags[#tags + 1] = ARGV[at]
    tags[#tags + 1] = version
end
if not fits then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[3], 'tags', cmsgpack.pack(tags), 'expires', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
";

/// A change that was written down is told once, whoever reads it.
const INVALIDATE: &str = "
if ARGV[5] ~= '' and not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then return 0 end
local time = redis.call('TIME')
local before = tonumber(redis.call('GET', KEYS[1]) or '0')
local sequence = string.format('%.0f', math.max(before + 1, time[1] * 1000000 + time[2]))
redis.call('SET', KEYS[1], sequence)
for at = 6, #ARGV do
    redis.call('SET', ARGV[1] .. ARGV[at], sequence, 'PX', ARGV[2])
end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
";

/// What was found.
pub(super) enum Found {
    /// An entry that counts.
    Entry(Entry),
    /// None; and where the sequence was when there was none.
    Nothing(String),
}

/// The keys of one ground.
pub(super) struct Shared<'a> {
    pub redis: &'a Redis,
    /// What the keys begin with.
    pub place: String,
}

impl Shared<'_> {
    fn entry(&self, key: &str) -> String {
        format!("{}e:{key}", self.place)
    }

    fn sequence(&self) -> String {
        format!("{}sequence", self.place)
    }

    /// What the keys of tags begin with, in full: scripts make them.
    fn tags(&self) -> Argument {
        self.redis.key(&format!("{}t:", self.place)).into()
    }

    pub async fn get(&self, key: &str) -> Result<Found> {
        let keys = [&*self.entry(key), &*self.sequence()];
        let mut answer = self
            .redis
            .script(GET, &keys, vec![self.tags()])
            .await?
            .list()
            .into_iter();
        let mut next = || answer.next().unwrap_or(Reply::Nil);
        if let Some(sequence) = next().text() {
            return Ok(Found::Nothing(sequence));
        }
        let value = next().bytes().unwrap_or_default();
        let expires = next().integer().map(Timestamp);
        let tags = next().list().into_iter().filter_map(Reply::text).collect();
        Ok(Found::Entry(Entry {
            value: value.into(),
            tags,
            expires,
        }))
    }

    /// Keeps an entry that was begun when the sequence was at `noted`, or that is true now. False if it may be out of
    /// date already.
    pub async fn set(&self, key: &str, entry: &Entry, noted: Option<String>, now: Timestamp) -> Result<bool> {
        let left = entry
            .expires
            .map_or(LONGEST_MS, |expires| expires.0.saturating_sub(now.0));
        let expires = entry.expires.map(|expires| expires.0.to_string());
        let mut arguments: Vec<Argument> = vec![
            self.tags(),
            noted.unwrap_or_default().into(),
            entry.value.to_vec().into(),
            expires.unwrap_or_default().into(),
            left.clamp(1, LONGEST_MS).into(),
            TAG_MS.into(),
        ];
        arguments.extend(entry.tags.iter().map(|tag| tag.as_str().into()));
        let keys = [&*self.entry(key), &*self.sequence()];
        let answer = self.redis.script(SET, &keys, arguments).await?;
        Ok(answer.integer() == Some(1))
    }

    /// Drops an entry, and tells the other nodes.
    pub async fn remove(&self, key: &str, topic: &str, message: &[u8]) -> Result<()> {
        self.redis.del(&[&self.entry(key)]).await?;
        self.redis.publish(topic, message).await
    }

    /// Drops an entry that is no secret to anybody.
    pub async fn forget(&self, key: &str) -> Result<()> {
        self.redis.del(&[&self.entry(key)]).await.map(drop)
    }

    /// Starts a new number for tags, and tells the other nodes; once for a change with a number.
    pub async fn invalidate(
        &self,
        tags: &[String],
        change: Option<i64>,
        topic: &str,
        message: &[u8],
    ) -> Result<()> {
        let number = change.map(|change| change.to_string()).unwrap_or_default();
        let told = format!("{}told:{number}", self.place);
        let mut arguments: Vec<Argument> = vec![
            self.tags(),
            TAG_MS.into(),
            self.redis.channel().into(),
            self.redis.message(topic, message).into(),
            number.into(),
        ];
        arguments.extend(tags.iter().map(|tag| tag.as_str().into()));
        self.redis
            .script(INVALIDATE, &[&self.sequence(), &told], arguments)
            .await
            .map(drop)
    }
}

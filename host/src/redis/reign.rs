//! Reigns: how long one server has the site's keys.
//!
//! Where several servers can have them, each may know less than the one before: a replica that takes over, a server that
//! starts from a snapshot, and also one that had them earlier and has them again. So what was kept in one reign counts
//! in no other. The number of the reign lies beside the keys and goes where they go, with the run of the server that it
//! began on; whoever finds it on another run begins the next one.

use std::sync::Arc;

use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{ClientLike, LuaInterface};
use fred::types::{ClusterHash, CustomCommand};

/// It writes also if nothing has changed: a server that takes no writes is none. A number is greater than the one
/// before, and than all that are forgotten.
const NUMBER: &str = "
local kept = redis.call('HMGET', KEYS[1], 'run', 'number')
local number = kept[2]
if kept[1] ~= ARGV[1] or not number then
    local time = redis.call('TIME')
    local least = tonumber(number or '0') + 1
    number = string.format('%.0f', math.max(least, time[1] * 1000000 + time[2]))
end
redis.call('HSET', KEYS[1], 'run', ARGV[1], 'number', number)
return number
";

/// The name of this run of the server: of the one that has the key, if there are several.
pub(super) async fn run(client: &Client, key: &str) -> Result<String, Error> {
    let slot = fred::util::redis_keyslot(key.as_bytes());
    let command = CustomCommand::new_static("INFO", ClusterHash::Custom(slot), false);
    let info: String = client.custom(command, vec!["server"]).await?;
    let run = info.lines().find_map(|line| line.strip_prefix("run_id:"));
    Ok(run.unwrap_or_default().trim().to_owned())
}

/// The number of the reign: of this run's, which begins now if it is another's.
pub(super) async fn number(client: &Client, key: &str, run: &str) -> Result<Arc<str>, Error> {
    let number: String = client.eval(NUMBER, key, run).await?;
    Ok(Arc::from(number))
}

-- What was invalidated in the cache, written down with what made it out of date; see host/src/subsystems/cache/.
CREATE TABLE cache_change (
    id   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at   BIGINT  NOT NULL,
    node BLOB    NOT NULL,
    tags TEXT    NOT NULL
);

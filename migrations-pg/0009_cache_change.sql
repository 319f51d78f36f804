-- What was invalidated in the cache, written down with what made it out of date; see host/src/subsystems/cache/.
CREATE TABLE cache_change (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at   BIGINT NOT NULL,
    node UUID   NOT NULL,
    tags TEXT   NOT NULL
);

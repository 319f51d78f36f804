-- What was counted of late by all nodes together, where there is no Redis; see host/src/subsystems/counter/.
CREATE TABLE counter (
    key TEXT NOT NULL PRIMARY KEY,
    times TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX counter_expires ON counter (expires);

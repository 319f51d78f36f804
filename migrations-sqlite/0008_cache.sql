-- Counts what could not be told to all nodes by Redis; see host/src/subsystems/cache/.
CREATE TABLE cache_epoch (
    epoch BIGINT NOT NULL
);
INSERT INTO cache_epoch (epoch) VALUES (0);

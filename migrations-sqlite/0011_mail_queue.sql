-- Letters that wait to be sent; see host/src/subsystems/mail/queue.rs.
CREATE TABLE mail_queue (
    id         BLOB NOT NULL PRIMARY KEY,
    message    BLOB NOT NULL,
    sender     TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    tries      BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);
CREATE INDEX mail_queue_held ON mail_queue (held_until);

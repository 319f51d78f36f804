-- People: accounts with their sessions and roles, what keeps guessers out, and who did what.

ALTER TABLE users ADD COLUMN mail_key TEXT;
ALTER TABLE users ADD COLUMN access BIGINT;
ALTER TABLE users ADD COLUMN login BIGINT;
-- Grows when all sessions of the account end: a block, another password.
ALTER TABLE users ADD COLUMN security BIGINT NOT NULL DEFAULT 0;
-- Grows with every change of what the account may do: its sessions get other ids.
ALTER TABLE users ADD COLUMN privileges BIGINT NOT NULL DEFAULT 0;
UPDATE users SET mail_key = lower(mail);
CREATE INDEX users_mail_key ON users (mail_key);
CREATE INDEX users_access ON users (access, id);
CREATE INDEX users_administrators ON users (id) WHERE is_admin;

-- Numbers that grow with a change, for nodes that keep a copy of something.
CREATE TABLE generation (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO generation (name, value) VALUES ('access', 1);

-- `secret` and `previous` are the SHA-256, in hexadecimal, of what the cookie carries.
CREATE TABLE session (
    id           UUID    NOT NULL PRIMARY KEY,
    secret       TEXT    NOT NULL,
    previous     TEXT,
    rotated      BIGINT  NOT NULL,
    user_id      UUID    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    security     BIGINT  NOT NULL,
    privileges   BIGINT  NOT NULL,
    state        TEXT    NOT NULL,
    created      BIGINT  NOT NULL,
    last_used    BIGINT  NOT NULL,
    expires      BIGINT  NOT NULL,
    remember     BOOLEAN NOT NULL,
    address      TEXT    NOT NULL,
    agent        TEXT    NOT NULL,
    active_stage UUID    REFERENCES stage (id) ON DELETE SET NULL,
    data         JSONB   NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX session_secret ON session (secret);
CREATE INDEX session_previous ON session (previous);
CREATE INDEX session_of_user ON session (user_id, last_used);
CREATE INDEX session_expires ON session (expires);
CREATE INDEX session_stage ON session (active_stage);

-- Browsers from which an account has signed in: their failures count for themselves.
CREATE TABLE known_device (
    secret    TEXT   NOT NULL,
    user_id   UUID   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    last_used BIGINT NOT NULL,
    PRIMARY KEY (secret, user_id)
);
CREATE INDEX known_device_user ON known_device (user_id, last_used);

CREATE TABLE login_failure (
    key          TEXT   NOT NULL PRIMARY KEY,
    failures     BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
CREATE INDEX login_failure_since ON login_failure (since);

-- Accounts that are being cancelled; the work on their content goes on in the background.
CREATE TABLE user_cancellation (
    user_id   UUID   NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    content   TEXT   NOT NULL,
    requested BIGINT NOT NULL
);

CREATE TABLE audit (
    id           UUID   NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    action       TEXT   NOT NULL,
    actor_id     UUID   NOT NULL,
    actor        TEXT   NOT NULL,
    subject_type TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    address      TEXT   NOT NULL,
    details      JSONB  NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_subject ON audit (subject_id, at, id);

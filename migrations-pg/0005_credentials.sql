-- What proves who somebody is, besides a password: codes, passkeys, tokens.

ALTER TABLE role ADD COLUMN requires_two_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- `token` is the SHA-256, in hexadecimal, of what the link carries; `state` is one of the account: a link is worth nothing
-- once password or address have changed.
CREATE TABLE password_reset (
    token   TEXT   NOT NULL PRIMARY KEY,
    user_id UUID   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state   TEXT   NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX password_reset_user ON password_reset (user_id);
CREATE INDEX password_reset_expires ON password_reset (expires);

-- `secret` is sealed with the site's secret; `last_step` is the last step of time whose code was used.
CREATE TABLE totp (
    user_id   UUID    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret    TEXT    NOT NULL,
    confirmed BOOLEAN NOT NULL,
    last_step BIGINT  NOT NULL,
    created   BIGINT  NOT NULL
);

CREATE TABLE recovery_code (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code    TEXT NOT NULL,
    used    BIGINT,
    PRIMARY KEY (user_id, code)
);

CREATE TABLE passkey (
    id         UUID   NOT NULL PRIMARY KEY,
    user_id    UUID   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    public_key TEXT   NOT NULL,
    created    BIGINT NOT NULL,
    last_used  BIGINT
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_user ON passkey (user_id, created);

CREATE TABLE passkey_ceremony (
    id      TEXT   NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    user_id UUID   REFERENCES users (id) ON DELETE CASCADE,
    browser TEXT   NOT NULL,
    state   TEXT   NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX passkey_ceremony_user ON passkey_ceremony (user_id);
CREATE INDEX passkey_ceremony_expires ON passkey_ceremony (expires);

-- Personal access tokens; `digest` is the SHA-256 of the token in hexadecimal.
CREATE TABLE access_token (
    id        UUID   NOT NULL PRIMARY KEY,
    user_id   UUID   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name      TEXT   NOT NULL,
    digest    TEXT   NOT NULL,
    scopes    JSONB  NOT NULL,
    created   BIGINT NOT NULL,
    expires   BIGINT,
    last_used BIGINT
);
CREATE UNIQUE INDEX access_token_digest ON access_token (digest);
CREATE INDEX access_token_user ON access_token (user_id, created);

-- Programs that get short-lived tokens and act as an account.
CREATE TABLE oauth_client (
    id        UUID    NOT NULL PRIMARY KEY,
    user_id   UUID    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name      TEXT    NOT NULL,
    secret    TEXT    NOT NULL,
    scopes    JSONB   NOT NULL,
    active    BOOLEAN NOT NULL,
    created   BIGINT  NOT NULL,
    last_used BIGINT
);
CREATE INDEX oauth_client_user ON oauth_client (user_id);

-- Keys that sign tokens (Ed25519). `private_key` is sealed with the site's secret.
CREATE TABLE signing_key (
    id          TEXT   NOT NULL PRIMARY KEY,
    public_key  TEXT   NOT NULL,
    private_key TEXT   NOT NULL,
    created     BIGINT NOT NULL,
    signs_from  BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,
    expires     BIGINT NOT NULL
);
CREATE INDEX signing_key_expires ON signing_key (expires);

CREATE TABLE revoked_token (
    id      UUID   NOT NULL PRIMARY KEY,
    expires BIGINT NOT NULL
);
CREATE INDEX revoked_token_expires ON revoked_token (expires);

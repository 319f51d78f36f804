-- What somebody has shown and when: addresses that a letter has reached, and passwords that were typed once more.
CREATE TABLE address_confirmation (
    token     TEXT    NOT NULL PRIMARY KEY,
    user_id   BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mail      TEXT    NOT NULL,
    is_new    BOOLEAN NOT NULL,
    activates BOOLEAN NOT NULL,
    created   BIGINT  NOT NULL,
    expires   BIGINT  NOT NULL
);
CREATE INDEX address_confirmation_user ON address_confirmation (user_id);
CREATE INDEX address_confirmation_expires ON address_confirmation (expires);
ALTER TABLE session ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 0;

-- Comments that imports have found. They go with their items; no page shows them yet.
CREATE TABLE kept_comment (
    item_id    BLOB   NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    -- What a comment is known by where it comes from.
    source_key TEXT   NOT NULL,
    -- The key of the comment that it answers.
    parent     TEXT,
    kind       TEXT   NOT NULL,
    author     TEXT   NOT NULL,
    mail       TEXT,
    url        TEXT,
    created    BIGINT,
    state      TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (item_id, source_key)
);

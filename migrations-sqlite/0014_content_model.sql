-- Content: definitions that keep apart what plugins declare and what the site made of it, scheduled publishing, drafts,
-- locks, text formats of the site.

-- What the plugin declared last, and when the type was deleted: its items wait to be purged.
ALTER TABLE item_type ADD COLUMN declared TEXT;
ALTER TABLE item_type ADD COLUMN deleted BIGINT;

ALTER TABLE item ADD COLUMN publish_on BIGINT;
ALTER TABLE item ADD COLUMN unpublish_on BIGINT;
CREATE INDEX item_publish_on ON item (publish_on) WHERE publish_on IS NOT NULL;
CREATE INDEX item_unpublish_on ON item (unpublish_on) WHERE unpublish_on IS NOT NULL;

-- What somebody has typed into an item's form and not saved. `subject` is an item, or `add:` and a type.
CREATE TABLE item_draft (
    user_id BLOB   NOT NULL,
    subject TEXT   NOT NULL,
    base    BLOB   NOT NULL,
    typed   TEXT   NOT NULL,
    saved   BIGINT NOT NULL,
    PRIMARY KEY (user_id, subject)
);
CREATE INDEX item_draft_saved ON item_draft (saved);

-- Who is at work on an item.
CREATE TABLE item_lock (
    item_id BLOB   NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    user_id BLOB   NOT NULL,
    since   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX item_lock_user ON item_lock (user_id);

CREATE TABLE text_format (
    name       TEXT   NOT NULL PRIMARY KEY,
    weight     BIGINT NOT NULL,
    definition TEXT   NOT NULL,
    changed    BIGINT NOT NULL
);

INSERT INTO generation (name, value) VALUES ('item_type', 1), ('text_format', 1);
INSERT INTO role_permission (role_id, permission) VALUES
    (X'00000000000000000000000000000002', 'use filtered_html text format'),
    (X'00000000000000000000000000000002', 'use markdown text format');

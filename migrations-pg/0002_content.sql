-- Content: types, items with their revisions, stages, paths, files; people; plugins and settings.

CREATE TABLE users (
    id          UUID    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    mail        TEXT,
    password    TEXT,
    is_admin    BOOLEAN NOT NULL DEFAULT FALSE,
    active      BOOLEAN NOT NULL DEFAULT TRUE,
    created     BIGINT  NOT NULL,
    changed     BIGINT  NOT NULL,
    timezone    TEXT,
    language    TEXT,
    data        JSONB    NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX users_name_key ON users (name_key);

CREATE TABLE role (
    id     UUID    NOT NULL PRIMARY KEY,
    name   TEXT    NOT NULL,
    label  TEXT    NOT NULL,
    weight BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX role_name ON role (name);

CREATE TABLE role_permission (
    role_id    UUID NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE users_roles (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id UUID NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX users_roles_role ON users_roles (role_id);

CREATE TABLE stage (
    id          UUID   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    label       TEXT   NOT NULL,
    upstream_id UUID   REFERENCES stage (id),
    owner_id    UUID,
    created     BIGINT NOT NULL
);
CREATE UNIQUE INDEX stage_name ON stage (name);

CREATE TABLE item_type (
    type        TEXT   NOT NULL PRIMARY KEY,
    label       TEXT   NOT NULL,
    description TEXT   NOT NULL,
    plugin      TEXT,
    settings    JSONB   NOT NULL,
    changed     BIGINT NOT NULL
);

CREATE TABLE item (
    id                  UUID    NOT NULL PRIMARY KEY,
    current_revision_id UUID    NOT NULL,
    type                TEXT    NOT NULL REFERENCES item_type (type),
    title               TEXT    NOT NULL,
    author_id           UUID    NOT NULL,
    published           BOOLEAN NOT NULL,
    created             BIGINT  NOT NULL,
    changed             BIGINT  NOT NULL,
    promoted            BOOLEAN NOT NULL DEFAULT FALSE,
    sticky              BOOLEAN NOT NULL DEFAULT FALSE,
    fields              JSONB    NOT NULL,
    stage_id            UUID    NOT NULL REFERENCES stage (id)
);
CREATE INDEX item_latest ON item (stage_id, published, promoted, sticky, created, id);
CREATE INDEX item_of_type ON item (type, stage_id, published, created, id);
CREATE INDEX item_of_author ON item (author_id, created, id);
CREATE INDEX item_fields ON item USING gin (fields);

CREATE TABLE item_revision (
    id          UUID    NOT NULL PRIMARY KEY,
    item_id     UUID    NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    title       TEXT    NOT NULL,
    published   BOOLEAN NOT NULL,
    fields      JSONB    NOT NULL,
    author_id   UUID    NOT NULL,
    created     BIGINT  NOT NULL,
    log_message TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX item_revision_item ON item_revision (item_id, created, id);

CREATE TABLE stage_association (
    stage_id         UUID   NOT NULL REFERENCES stage (id) ON DELETE CASCADE,
    item_id          UUID   NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    revision_id      UUID   NOT NULL REFERENCES item_revision (id) ON DELETE CASCADE,
    base_revision_id UUID,
    changed          BIGINT NOT NULL,
    PRIMARY KEY (stage_id, item_id)
);
CREATE INDEX stage_association_item ON stage_association (item_id);
CREATE INDEX stage_association_revision ON stage_association (revision_id);

CREATE TABLE stage_deletion (
    stage_id UUID   NOT NULL REFERENCES stage (id) ON DELETE CASCADE,
    item_id  UUID   NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    deleted  BIGINT NOT NULL,
    PRIMARY KEY (stage_id, item_id)
);
CREATE INDEX stage_deletion_item ON stage_deletion (item_id);

-- A path leads to an item or to another path; the canonical one of an item is the one that is shown.
CREATE TABLE alias (
    path      TEXT    NOT NULL PRIMARY KEY,
    item_id   UUID    REFERENCES item (id) ON DELETE CASCADE,
    target    TEXT,
    canonical BOOLEAN NOT NULL,
    created   BIGINT  NOT NULL
);
CREATE UNIQUE INDEX alias_canonical ON alias (item_id) WHERE canonical;
CREATE INDEX alias_item ON alias (item_id);

CREATE TABLE file_managed (
    id       UUID   NOT NULL PRIMARY KEY,
    owner_id UUID   NOT NULL,
    name     TEXT   NOT NULL,
    mime     TEXT   NOT NULL,
    size     BIGINT NOT NULL,
    sha256   TEXT   NOT NULL,
    blob_key TEXT   NOT NULL,
    status   BIGINT NOT NULL,
    created  BIGINT NOT NULL
);
CREATE INDEX file_managed_sha256 ON file_managed (sha256);

CREATE TABLE import_record (
    source  TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    target  UUID   NOT NULL,
    digest  TEXT   NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (source, key)
);

CREATE TABLE plugin (
    name         TEXT   NOT NULL PRIMARY KEY,
    version      TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    capabilities JSONB   NOT NULL,
    migration    BIGINT NOT NULL DEFAULT 0,
    digest       TEXT   NOT NULL,
    changed      BIGINT NOT NULL
);

CREATE TABLE variable (
    plugin  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    value   JSONB   NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (plugin, name)
);

-- What plugins may read of the content, when they are granted it: what every visitor may see.
CREATE VIEW published_item AS
    SELECT id, type AS item_type, title, author_id AS author, created, changed
    FROM item
    WHERE published AND stage_id = '00000000-0000-0000-0000-000000000001';

INSERT INTO stage (id, name, label, created) VALUES ('00000000-0000-0000-0000-000000000001', 'live', 'Live', 0);
INSERT INTO role (id, name, label, weight) VALUES
    ('00000000-0000-0000-0000-000000000001', 'anonymous', 'Anonymous user', 0),
    ('00000000-0000-0000-0000-000000000002', 'authenticated', 'Authenticated user', 1);
INSERT INTO role_permission (role_id, permission) VALUES
    ('00000000-0000-0000-0000-000000000001', 'access content'),
    ('00000000-0000-0000-0000-000000000002', 'access content');
INSERT INTO users (id, name, name_key, active, created, changed)
    VALUES ('00000000-0000-0000-0000-000000000000', 'Anonymous', 'anonymous', FALSE, 0, 0);

-- Menus: the site's own links, and what it has changed about those that plugins declare: their key is their path.
CREATE TABLE menu (
    name  TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL
);
INSERT INTO menu (name, label) VALUES ('main', 'Main menu'), ('footer', 'Footer menu'), ('account', 'Account menu');

CREATE TABLE menu_link (
    key      TEXT    NOT NULL PRIMARY KEY,
    menu     TEXT    NOT NULL REFERENCES menu (name) ON DELETE CASCADE,
    title    TEXT    NOT NULL,
    path     TEXT    NOT NULL,
    parent   TEXT,
    weight   BIGINT  NOT NULL,
    shown    BOOLEAN NOT NULL,
    declared BOOLEAN NOT NULL
);
CREATE INDEX menu_link_of_menu ON menu_link (menu, weight);

INSERT INTO generation (name, value) VALUES ('menu', 1);

-- The versions of each plugin that were at work, so that it can go back to one.
CREATE TABLE plugin_version (
    plugin       TEXT   NOT NULL,
    digest       TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    capabilities TEXT   NOT NULL,
    migration    BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    withdrawn    BIGINT,
    PRIMARY KEY (plugin, digest)
);

INSERT INTO plugin_version (plugin, digest, version, capabilities, migration, since)
    SELECT name, digest, version, capabilities, migration, changed FROM plugin;

-- Named locks between nodes; see host/src/db/lease.rs.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    owner UUID NOT NULL,
    token BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

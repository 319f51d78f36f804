-- Forms: what is remembered of a form between its pages and against sending it twice.

CREATE TABLE form_state (
    build_id UUID   NOT NULL PRIMARY KEY,
    form_id  TEXT   NOT NULL,
    binding  TEXT   NOT NULL,
    state    JSONB,
    claimed  BIGINT,
    outcome  JSONB,
    expires  BIGINT NOT NULL
);
CREATE INDEX form_state_expires ON form_state (expires);

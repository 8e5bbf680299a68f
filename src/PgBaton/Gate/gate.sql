-- The state of one side's gate: a single row. On the source it has the schema to itself, on the target it belongs to the journal.
CREATE TABLE pgbaton.gate (
    single          bool PRIMARY KEY DEFAULT true CHECK (single),
    migration       text NOT NULL,
    is_closed       bool NOT NULL,  -- writers without the token are refused; on the source this is the decision
    is_held         bool NOT NULL DEFAULT false,  -- the same before a decision, on the source: the operator wants it closed during the copy
    epoch           bigint,         -- the engine whose fence may decide; null: none may
    token_sha256    text NOT NULL,  -- everybody can read it, so it is not the token
    message         text NOT NULL,  -- what a refused writer is told
    hint            text NOT NULL
);

-- The trigger's function runs as whoever writes.
REVOKE ALL ON pgbaton.gate FROM PUBLIC;
GRANT SELECT ON pgbaton.gate TO PUBLIC;
GRANT USAGE ON SCHEMA pgbaton TO PUBLIC;

CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgbaton.gate
    FOR EACH STATEMENT EXECUTE FUNCTION pgbaton.refuse_strangers();
ALTER TABLE pgbaton.gate ENABLE ALWAYS TRIGGER refuse_strangers;

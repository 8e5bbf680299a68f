-- The journal: what has been done, kept in the target so that it commits together with the data it describes.
CREATE SCHEMA pgbaton;
COMMENT ON SCHEMA pgbaton IS 'pgbaton journal, format 1';

-- Single-row tables have a key that can only be true.

CREATE TABLE pgbaton.migration (
    single      bool PRIMARY KEY DEFAULT true CHECK (single),
    name        text NOT NULL,
    source      jsonb NOT NULL,  -- system_identifier, database_oid, database, timeline, address, version
    target      jsonb NOT NULL,
    scope       jsonb NOT NULL,  -- the options that may not change
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pgbaton.step (
    name        text PRIMARY KEY,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at     timestamptz
);

-- The tables in scope. generation counts how often the copy of a table began; a part may commit only into the generation it read.
CREATE TABLE pgbaton.relation (
    oid         oid PRIMARY KEY,    -- on the source
    schema      text NOT NULL,
    name        text NOT NULL,
    bytes_total bigint NOT NULL,
    generation  int NOT NULL DEFAULT 0,
    copied_at   pg_lsn,             -- consistent point of that generation; the relay applies what commits at or after it
    copied      bool NOT NULL DEFAULT false,
    rows        bigint,
    bytes       bigint,
    seconds     float8,
    UNIQUE (schema, name)
);

CREATE TABLE pgbaton.part (
    relation    oid NOT NULL REFERENCES pgbaton.relation ON DELETE CASCADE,
    generation  int NOT NULL,
    number      int NOT NULL,
    condition   text,               -- on the source's rows; null is the whole table
    filenode    oid,                -- of the table while it was read; all parts must agree
    rows        bigint,
    bytes       bigint,
    done_at     timestamptz,
    PRIMARY KEY (relation, generation, number)
);

-- What our publications list, as we left them: an entry that is gone while its table is not was taken out by somebody else.
CREATE TABLE pgbaton.published (
    side        text NOT NULL,
    entry       oid NOT NULL,       -- in pg_publication_rel; another one when a table is put in again
    relation    oid NOT NULL,
    PRIMARY KEY (side, entry)
);

-- The large objects on the target that are ours.
CREATE TABLE pgbaton.large_object (
    oid         oid PRIMARY KEY
);

-- The schema of the source, object by object, as pg_dump described it in step pre-data; it is what is made on the target.
CREATE TABLE pgbaton.entry (
    dump_id         int PRIMARY KEY,        -- its number in pg_dump's archive
    position        int NOT NULL,           -- the order in which they can be made
    section         text NOT NULL,          -- pre-data or post-data
    kind            text NOT NULL,          -- TABLE, INDEX, FK CONSTRAINT, ...
    name            text NOT NULL,          -- of a constraint or trigger: the table's, a blank, its own
    description     text NOT NULL,          -- kind, schema, name on one line: for people
    table_schema    text,                   -- the table itself, or what an index, constraint, trigger, rule belongs to
    table_name      text,
    bytes           bigint NOT NULL,        -- of that table
    needs           int[] NOT NULL,         -- dump_ids
    command         text NOT NULL,
    drop_command    text NOT NULL,          -- empty where something else takes it along
    outcome         text,                   -- null: not yet; done, harmless (refused or there before), waits (for step open)
    message         text,                   -- what the server said, where it is not done
    seconds         float8,
    columns         text[]                  -- of a table: names by number, as the source had them; null for one that was dropped; of an enum: labels with oids
);

CREATE INDEX ON pgbaton.entry (table_schema, table_name);

-- The newest verification of each table.
CREATE TABLE pgbaton.verification (
    schema              text NOT NULL,
    name                text NOT NULL,
    at                  timestamptz NOT NULL DEFAULT now(),
    lsn                 pg_lsn,             -- the logical point both sides were read at
    rows                bigint NOT NULL,    -- on the source
    target_rows         bigint NOT NULL,
    bytes               bigint NOT NULL,
    digest              text NOT NULL,
    equal               bool NOT NULL,
    reason              text,               -- why rows were not compared at all, which is a difference
    difference_count    bigint,             -- keys that differ; null if not all were looked at
    differences         jsonb NOT NULL DEFAULT '[]', -- the first of them: kind, key, where; no other value
    filenode            oid,                -- of the source's table then; another one now means that it was rewritten
    columns             text,               -- a digest of the source's columns then; another one now means values that were in no stream
    target_columns      text,               -- of the target's likewise: somebody altered the table
    PRIMARY KEY (schema, name)
);

-- What the operator asked for, from anywhere: the command line, the page, psql.
CREATE TABLE pgbaton.word (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    word        text NOT NULL,
    arguments   jsonb NOT NULL DEFAULT '{}',
    said_by     text NOT NULL DEFAULT session_user,
    said_from   text,
    said_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    outcome     jsonb               -- {"exit_code":0} or {"exit_code":3,"error":{"code":...}}
);

-- Small facts, one writer each; the names are in Fact.cs.
CREATE TABLE pgbaton.fact (
    key         text PRIMARY KEY,
    value       text NOT NULL,
    set_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pgbaton.event (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    epoch       bigint NOT NULL,
    event       jsonb NOT NULL
);

-- Roles that may write everywhere (pg_write_all_data) pass a REVOKE; they do not pass this.
CREATE FUNCTION pgbaton.refuse_strangers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'pgbaton'), 'MEMBER') THEN
        RAISE EXCEPTION 'only the owner of the migration may change its journal' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['migration', 'step', 'relation', 'part', 'large_object', 'entry', 'verification', 'word', 'fact', 'event'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgbaton.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION pgbaton.refuse_strangers()', name);
        EXECUTE format('ALTER TABLE pgbaton.%I ENABLE ALWAYS TRIGGER refuse_strangers', name);
        EXECUTE format('REVOKE ALL ON pgbaton.%I FROM PUBLIC', name);
    END LOOP;
END $$;

-- What each side keeps for itself in its schema pgbaton, because it commits together with rows there: the target beside the journal, the source
-- beside its gate, once changes may have to come back.
-- Who runs it. Raised by each process that takes over. Whatever commits here checks it.
CREATE TABLE pgbaton.engine (
    single      bool PRIMARY KEY DEFAULT true CHECK (single),
    epoch       bigint NOT NULL,
    host        text NOT NULL,
    pid         int NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now()
);

-- Up to where the other side's changes are on this one; moved in the transaction that applies them.
CREATE TABLE pgbaton.progress (
    single          bool PRIMARY KEY DEFAULT true CHECK (single),
    epoch           bigint NOT NULL,
    lsn             pg_lsn NOT NULL DEFAULT '0/0',   -- end of the last commit applied
    committed_at    timestamptz,                     -- when that one committed on the other side
    transactions    bigint NOT NULL DEFAULT 0,
    changes         bigint NOT NULL DEFAULT 0
);

-- Tables whose rows the other side's changes have touched since they were last compared: set in the transaction that touches them.
CREATE TABLE pgbaton.touched (
    schema      text NOT NULL,
    name        text NOT NULL,
    since       pg_lsn NOT NULL,            -- the point of the newest comparison before it
    PRIMARY KEY (schema, name)
);

-- What is held back until this side is opened: set in the same transaction as it was held.
CREATE TABLE pgbaton.waiting (
    number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phase       text NOT NULL,              -- open: before writers come; settle: afterwards, may take long
    description text NOT NULL,
    command     text NOT NULL,
    done_at     timestamptz,
    message     text                        -- why it could not be done
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['engine', 'progress', 'touched', 'waiting'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgbaton.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION pgbaton.refuse_strangers()', name);
        EXECUTE format('ALTER TABLE pgbaton.%I ENABLE ALWAYS TRIGGER refuse_strangers', name);
        EXECUTE format('REVOKE ALL ON pgbaton.%I FROM PUBLIC', name);
    END LOOP;
END $$;

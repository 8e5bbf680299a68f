-- Where pgoutput sends no logical messages: a row that is written to mark a place in the stream.
CREATE TABLE IF NOT EXISTS pgbaton.marker (
    single      bool PRIMARY KEY DEFAULT true CHECK (single),
    content     text NOT NULL
);
INSERT INTO pgbaton.marker (content) VALUES ('') ON CONFLICT DO NOTHING;
REVOKE ALL ON pgbaton.marker FROM PUBLIC;
DROP TRIGGER IF EXISTS refuse_strangers ON pgbaton.marker;
CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgbaton.marker
    FOR EACH STATEMENT EXECUTE FUNCTION pgbaton.refuse_strangers();
ALTER TABLE pgbaton.marker ENABLE ALWAYS TRIGGER refuse_strangers;

-- title: an index and a materialized view whose functions lean on the search_path
-- expect: refused: PB1059
-- @schema
CREATE SCHEMA s; SELECT set_config('search_path', 's', false);
CREATE FUNCTION s.inner_one(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)'; CREATE FUNCTION s.outer_one(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN inner_one(t); END';
CREATE TABLE s.t (id int PRIMARY KEY, v text); CREATE INDEX t_outer ON s.t (outer_one(v)); CREATE MATERIALIZED VIEW s.m AS SELECT id, outer_one(v) AS o FROM s.t WITH NO DATA;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = s, public', current_database()); END $$;
-- @seed
SELECT set_config('search_path', 's', false); INSERT INTO s.t SELECT g, 'v' || g FROM generate_series(1, 50) g;
-- @cdc
INSERT INTO s.t VALUES (100, 'x'); UPDATE s.t SET v = 'y' WHERE id = 1; DELETE FROM s.t WHERE id = 2;

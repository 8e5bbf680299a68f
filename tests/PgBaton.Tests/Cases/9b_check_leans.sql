-- title: a check whose function finds its table by the search_path of the database
-- expect: refused: PB1059
-- @schema
CREATE SCHEMA s; CREATE TABLE s.allowed (code text PRIMARY KEY);
SELECT set_config('search_path', 's', false);
CREATE FUNCTION s.unqualified(c text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN EXISTS (SELECT FROM allowed WHERE code = c); END $$;
CREATE TABLE s.leaning (id int PRIMARY KEY, code text CONSTRAINT leans CHECK (unqualified(code)));
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = s, public', current_database()); END $$;
-- @seed
INSERT INTO s.allowed VALUES ('a'); INSERT INTO s.leaning VALUES (1, 'a');
-- @cdc
INSERT INTO s.leaning VALUES (2, 'a');

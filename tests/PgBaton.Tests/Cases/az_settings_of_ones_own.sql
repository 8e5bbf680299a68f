-- title: settings of one's own, with quotes, lines and nothing in them, which only a superuser may give to a database
-- expect plain owner: refused: PB1056
-- expect: equal
-- @schema
DO $$ DECLARE s text; BEGIN FOREACH s IN ARRAY ARRAY['app.tenant = ''it''''s; DROP TABLE t; --''', '"app"."Upper" = ''{"a": "\b"}''', 'app.empty = ''''', 'app.lines = E''one\ntwo''', 'app.deep.er = 1', 'log_statement = ''all''', 'session_replication_role = ''origin''', 'lc_messages = ''C''', 'log_min_duration_statement = -1'] LOOP EXECUTE format('ALTER DATABASE %I SET %s', current_database(), s); END LOOP; END $$;
CREATE FUNCTION tenant() RETURNS text LANGUAGE sql STABLE LEAKPROOF AS $$ SELECT current_setting('app.tenant', true) $$; CREATE TABLE t (id int PRIMARY KEY, owner text DEFAULT tenant()); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (owner = tenant());
-- @seed
INSERT INTO t VALUES (1, DEFAULT), (2, 'x');
-- @cdc
INSERT INTO t VALUES (3); UPDATE t SET owner = 'y' WHERE id = 2;

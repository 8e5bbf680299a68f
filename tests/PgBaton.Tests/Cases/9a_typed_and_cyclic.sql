-- title: typed tables, rows of other tables as columns, functions and views in a circle, SQL-standard bodies, procedures, aggregates
-- expect: equal
-- @schema
CREATE TYPE person AS (id int, name text); CREATE TABLE people OF person (PRIMARY KEY (id), name WITH OPTIONS NOT NULL DEFAULT 'nobody'); CREATE TABLE keeps (id int PRIMARY KEY, p people, ps people[]);
CREATE VIEW v AS SELECT id FROM people; CREATE FUNCTION of_v() RETURNS SETOF v LANGUAGE sql STABLE AS 'SELECT 1'; CREATE OR REPLACE VIEW v AS SELECT id FROM people WHERE id IN (SELECT id FROM of_v()); 
CREATE FUNCTION atomic(a int DEFAULT 1, VARIADIC b int[] DEFAULT '{}') RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT count(*)::int FROM people WHERE id > a; SELECT a + cardinality(b); END;
CREATE PROCEDURE change(INOUT n int) LANGUAGE plpgsql AS $p$ BEGIN n := n + 1; COMMIT; END $p$; CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); CREATE RECURSIVE VIEW counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
CREATE VIEW grouped AS SELECT id, name, count(*) FROM people GROUP BY id; CREATE VIEW checked WITH (security_barrier) AS SELECT * FROM people WHERE id > 0 WITH CASCADED CHECK OPTION; CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = ===);
CREATE TEXT SEARCH CONFIGURATION mine (COPY = english); ALTER TEXT SEARCH CONFIGURATION mine ALTER MAPPING FOR word WITH simple; CREATE TABLE t (id int PRIMARY KEY, v text, s tsvector GENERATED ALWAYS AS (to_tsvector('public.mine', v)) STORED);
-- @seed
INSERT INTO people VALUES (1, 'a'), (2, DEFAULT); INSERT INTO keeps VALUES (1, ROW(1, 'x'), ARRAY[ROW(3, 'z')::people]), (2, NULL, NULL); INSERT INTO t VALUES (1, 'the running words');
-- @cdc
UPDATE people SET name = 'b' WHERE id = 1; UPDATE keeps SET p.name = 'y' WHERE id = 1; INSERT INTO people (id) VALUES (3); UPDATE t SET v = 'running again' WHERE id = 1; DELETE FROM keeps WHERE id = 2;

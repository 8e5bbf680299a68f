-- title: tables and columns that come and go between two looks leave nothing behind
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; CREATE TABLE work AS SELECT * FROM t; ALTER TABLE work ADD PRIMARY KEY (id); UPDATE work SET v = 'w'; UPDATE t SET v = work.v FROM work WHERE t.id = work.id AND t.id < 5; DROP TABLE work; COMMIT; BEGIN; CREATE TABLE never (id int PRIMARY KEY); INSERT INTO never VALUES (1); ALTER TABLE t ADD COLUMN never int; UPDATE t SET never = 1; ROLLBACK; CREATE INDEX CONCURRENTLY for_now ON t (v); DROP INDEX CONCURRENTLY for_now; CREATE FUNCTION for_now() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION for_now(); INSERT INTO t VALUES (100, 'x');

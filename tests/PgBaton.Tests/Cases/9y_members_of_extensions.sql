-- title: objects of the user that were made members of an extension, and what leans on them
-- expect: refused: PB0305
-- @schema
CREATE EXTENSION hstore; CREATE TABLE adopted (id int PRIMARY KEY, v text); CREATE FUNCTION adopted_fn(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (id int PRIMARY KEY, n int CHECK (adopted_fn(n) > 0)); ALTER EXTENSION hstore ADD TABLE adopted; ALTER EXTENSION hstore ADD FUNCTION adopted_fn(int);
-- @seed
INSERT INTO adopted VALUES (1, 'v'), (2, 'w'); INSERT INTO t VALUES (1, 1);
-- @cdc
INSERT INTO adopted VALUES (3, 'x'); UPDATE t SET n = 2;

-- title: a column dropped while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
-- @seed
INSERT INTO t VALUES (1, 1, 'x');
-- @cdc
ALTER TABLE t DROP COLUMN a; INSERT INTO t VALUES (2, 'y');

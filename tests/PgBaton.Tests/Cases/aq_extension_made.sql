-- title: an extension made while following, and a column of its type
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
CREATE EXTENSION citext; ALTER TABLE t ADD c citext; UPDATE t SET c = 'C' WHERE id = 1;

-- title: tables made of queries while following, with and without rows, kept and dropped again, and one that becomes a view
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
CREATE TABLE passing AS SELECT * FROM t; DROP TABLE passing; SELECT id, v INTO kept FROM t; INSERT INTO t VALUES (100, 'x');

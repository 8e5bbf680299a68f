-- title: a composite type gets an attribute while following: the old rows are longer by it, and no message tells
-- expect: drift: PB0509
-- @schema
CREATE TYPE pair AS (a int, b text); CREATE TABLE t (id int PRIMARY KEY, p pair);
-- @seed
INSERT INTO t SELECT g, ROW(g, 'b')::pair FROM generate_series(1, 20) g;
-- @cdc
ALTER TYPE pair ADD ATTRIBUTE c int; UPDATE t SET p.c = 7 WHERE id = 1;

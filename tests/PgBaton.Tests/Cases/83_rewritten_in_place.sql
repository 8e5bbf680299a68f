-- title: a rewrite that leaves the type as it is, after which the rows are others
-- expect: drift: PB0601
-- @schema
CREATE TABLE t (id int PRIMARY KEY, n int);
-- @seed
INSERT INTO t SELECT g, g FROM generate_series(1, 100) g;
-- @cdc
ALTER TABLE t ALTER n TYPE int USING n * 2;

-- title: a table dropped and made again in the same shape
-- expect: drift: PB1703
-- @schema
CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE other (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, g FROM generate_series(1, 100) g;
-- @cdc
BEGIN; DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 100) g; COMMIT;
INSERT INTO other VALUES (1);
